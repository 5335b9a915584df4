#include "native/service/tokens.h"

#include <sys/stat.h>

#include "core/base/sha256.h"
#include "core/base/text.h"
#include "native/connection/read_file.h"

namespace lockstep::service {
namespace {

constexpr std::size_t kShortest = 16;
constexpr std::uint64_t kMaxFile = 1 << 20;

std::string_view Trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return "";
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

}  // namespace

base::Result<Tokens> Tokens::FromText(std::string_view text, std::string_view where) {
  Tokens tokens;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = Trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line[0] == '#') continue;
    const std::size_t space = line.find_first_of(" \t");
    const bool named = space != std::string_view::npos;
    const std::string_view token = named ? Trimmed(line.substr(space)) : line;
    if (token.size() < kShortest || token.find_first_of(" \t") != std::string_view::npos) {
      return base::Error{base::ErrorCode::kInvalidArgument,
                         std::string(where) + ", line " + std::to_string(number) +
                             ": a token is one word of at least " + std::to_string(kShortest) +
                             " characters, with an email before it if you like"};
    }
    tokens.users_[base::Sha256Hex(token)] =
        named ? "users/" + std::string(line.substr(0, space)) : std::string(kLocalUser);
  }
  if (tokens.empty())
    return base::Error{base::ErrorCode::kInvalidArgument, std::string(where) + " has no token"};
  return tokens;
}

base::Result<Tokens> Tokens::FromFile(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) == 0 && (info.st_mode & (S_IRGRP | S_IROTH)) != 0) {
    return base::Error{base::ErrorCode::kFailedPrecondition,
                       "others may read the tokens in " + base::Quote(path) + "; chmod 600 it"};
  }
  const auto text = connection::ReadFile(path, kMaxFile);
  if (!text.ok()) return text.error();
  return FromText(*text, path);
}

std::optional<std::string> Tokens::UserOf(std::string_view token) const {
  const auto found = users_.find(base::Sha256Hex(token));
  return found == users_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace lockstep::service
