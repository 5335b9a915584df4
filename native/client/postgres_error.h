// What psql says on standard error (VERBOSITY=verbose), and the place in the sheet that it means.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lockstep::client {

struct PostgresError {
  std::uint32_t line = 0;  ///< of the script, where the statement ended; 0: no connection
  std::string sqlstate;    ///< when it is not told, as while connecting, derived from the text
  std::string message, detail, hint, context;
  std::uint32_t statement_line = 0;  ///< "LINE n" of the text that psql sent; 0: not told
  std::string excerpt;               ///< of that line, without "..."
  std::size_t caret = 0;             ///< offset in `excerpt`, in bytes
};

/// The last error of a run; nothing when psql reported none.
std::optional<PostgresError> ReadPostgresError(std::string_view standard_error);

/// Offset in `statement` that an error is about; nothing when it does not say.
std::optional<std::size_t> LocateInStatement(std::string_view statement,
                                             const PostgresError& error);

}  // namespace lockstep::client
