#include "native/connection/secret.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <filesystem>
#include <utility>

#include "core/base/text.h"
#include "native/connection/read_file.h"

namespace lockstep::connection {
namespace {

constexpr std::uint64_t kMaxSecretBytes = 64 << 10;

base::Result<Secret> FromFile(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) && (info.st_mode & 077) != 0) {
    return base::Error{
        base::ErrorCode::kPermissionDenied,
        "the secret file " + base::Quote(path) + " can be read by others; `chmod 600` it"};
  }
  auto text = ReadFile(path, kMaxSecretBytes);
  if (!text.ok()) return text.error();
  if (text->ends_with('\n')) text->pop_back();
  if (text->ends_with('\r')) text->pop_back();
  return Secret(std::move(*text));
}

}  // namespace

Secret& Secret::operator=(Secret&& other) noexcept {
  Wipe();
  value_ = std::move(other.value_);
  other.Wipe();
  return *this;
}

void Secret::Wipe() {
  explicit_bzero(value_.data(), value_.size());
  value_.clear();
}

base::Result<Secret> ReadSecret(const inventory::SecretReference& reference,
                                const std::string& folder) {
  const std::string name(reference.name);
  switch (reference.kind) {
    case inventory::SecretReference::Kind::kNone:
      return Secret();
    case inventory::SecretReference::Kind::kEnvironment: {
      const char* value = getenv(name.c_str());
      if (value != nullptr) return Secret(value);
      return base::Error{base::ErrorCode::kUnavailable,
                         "the environment variable " + base::Quote(name) + " is not set"};
    }
    case inventory::SecretReference::Kind::kFile:
      return FromFile((std::filesystem::path(folder) / name).string());
    case inventory::SecretReference::Kind::kCommand:
      return base::Error{base::ErrorCode::kUnavailable,
                         "secrets from a command are not read yet; use \"env\" or \"file\""};
  }
  return Secret();
}

}  // namespace lockstep::connection
