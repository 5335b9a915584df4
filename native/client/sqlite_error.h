// What the sqlite3 shell says on standard error, and the place in the sheet that it means.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lockstep::client {

struct SqliteError {
  std::uint32_t line = 0;  ///< of the script; 0 when it names none
  std::string message;     ///< without the prefix and the number
  int code = 0;            ///< primary result code; 0 when it names none
  std::string excerpt;    ///< the part of the statement that the shell shows, white space as spaces
  std::size_t caret = 0;  ///< offset of the error in `excerpt`
};

/// The last error of a run; nothing when the shell reported none.
std::optional<SqliteError> ReadSqliteError(std::string_view standard_error);

/// "SQLITE_BUSY" of 5; "SQLITE_ERROR" of 0 and of what is not known.
std::string SqliteCodeName(int code);

/// Offset in `statement` that an error is about; nothing when it does not say.
std::optional<std::size_t> LocateInStatement(std::string_view statement, const SqliteError& error);

}  // namespace lockstep::client
