// What the mariadb or mysql client says on standard error, and the place in the sheet that it
// means.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lockstep::client {

struct MariadbError {
  std::uint32_t line = 0;  ///< of the script, where the statement began; 0: no connection
  int code = 0;            ///< 1064
  std::string sqlstate;
  std::string message;
};

/// The last error of a run; nothing when the client reported none.
std::optional<MariadbError> ReadMariadbError(std::string_view standard_error);

/// Offset in `statement` that an error is about; nothing when it does not say.
std::optional<std::size_t> LocateInStatement(std::string_view statement, const MariadbError& error);

}  // namespace lockstep::client
