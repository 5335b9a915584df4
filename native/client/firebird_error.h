// What isql says on standard error, and the place in the sheet that it means.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lockstep::client {

struct FirebirdError {
  std::uint32_t line = 0;  ///< of the script, in the statement; 0: no connection
  std::string sqlstate;    ///< "42S02"
  std::string message;     ///< "Table unknown NOWHERE"
  std::uint32_t statement_line = 0,
                statement_column = 0;  ///< in the statement, from 1; 0: not told
};

/// The last error of a run; nothing when isql reported none.
std::optional<FirebirdError> ReadFirebirdError(std::string_view standard_error);

/// Offset in `statement` that an error is about; nothing when it does not say.
std::optional<std::size_t> LocateInStatement(std::string_view statement,
                                             const FirebirdError& error);

}  // namespace lockstep::client
