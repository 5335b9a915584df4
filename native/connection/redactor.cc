#include "native/connection/redactor.h"

#include <algorithm>
#include <utility>

namespace lockstep::connection {
namespace {

constexpr std::string_view kInstead = "[secret]";

}  // namespace

Redactor::Redactor(const std::vector<std::string_view>& secrets) {
  for (const std::string_view secret : secrets) {
    if (secret.size() < kShortest) continue;
    secrets_.emplace_back(secret);
    first_bytes_ += secret.front();
  }
  std::sort(secrets_.begin(), secrets_.end(),
            [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
}

std::string Redactor::Take(std::string_view text, bool more_may_come, std::string& held) const {
  std::string shown;
  while (!text.empty()) {
    const std::size_t candidate = std::min(text.find_first_of(first_bytes_), text.size());
    shown += text.substr(0, candidate);
    text.remove_prefix(candidate);
    const auto unfinished = [text](const std::string& secret) {
      return secret.size() > text.size() && secret.starts_with(text);
    };
    if (more_may_come && std::any_of(secrets_.begin(), secrets_.end(), unfinished)) break;
    const auto secret = std::find_if(secrets_.begin(), secrets_.end(),
                                     [text](const auto& s) { return text.starts_with(s); });
    const bool found = secret != secrets_.end();
    shown += found ? kInstead : text.substr(0, 1);
    text.remove_prefix(std::min(found ? secret->size() : 1, text.size()));
  }
  held = text;
  return shown;
}

std::string Redactor::Redact(std::string_view text) const {
  std::string none;
  return Take(text, false, none);
}

std::string Redactor::Feed(std::string_view chunk) {
  if (secrets_.empty()) return std::string(chunk);
  const std::string text = std::exchange(held_, {}) + std::string(chunk);
  return Take(text, true, held_);
}

std::string Redactor::Finish() {
  return Redact(std::exchange(held_, {}));
}

}  // namespace lockstep::connection
