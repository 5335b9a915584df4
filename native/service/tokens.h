// Tokens: who may ask. A token is known by its digest alone once it was read.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace lockstep::service {

/// Who asks where nobody has to say it.
inline constexpr std::string_view kLocalUser = "users/lockstep@localhost";

class Tokens {
 public:
  /// Of a file: one token a line, or "EMAIL TOKEN"; "#" begins a comment. kInvalidArgument for a
  /// token of less than 16 characters; kFailedPrecondition for a file that others may read.
  static base::Result<Tokens> FromFile(const std::string& path);
  static base::Result<Tokens> FromText(std::string_view text, std::string_view where);

  bool empty() const { return users_.empty(); }
  void Add(Tokens others) { users_.merge(others.users_); }
  /// "users/{email}" of whoever has this token.
  std::optional<std::string> UserOf(std::string_view token) const;

 private:
  std::map<std::string, std::string> users_;  // by the token's SHA-256: compared in no telling time
};

}  // namespace lockstep::service
