#include "native/client/firebird_error.h"

#include <algorithm>
#include <charconv>

#include "core/base/utf8.h"

namespace lockstep::client {
namespace {

constexpr std::string_view kFailed = "Statement failed, SQLSTATE = ";

std::uint32_t NumberAt(std::string_view text, std::size_t at) {
  std::uint32_t number = 0;
  std::from_chars(text.data() + at, text.data() + text.size(), number);
  return number;
}

/// "-At line 3, column 7"
bool ReadPosition(std::string_view line, FirebirdError& error) {
  constexpr std::string_view kAt = "At line ", kUnknown = "Token unknown - line ",
                             kColumn = ", column ";
  std::size_t begin = line.find(kUnknown);
  if (begin != std::string_view::npos) {
    begin += kUnknown.size();
  } else if (line.starts_with(kAt)) {
    begin = kAt.size();
  } else {
    return false;
  }
  error.statement_line = NumberAt(line, begin);
  const std::size_t column = line.find(kColumn, begin);
  if (column != std::string_view::npos)
    error.statement_column = NumberAt(line, column + kColumn.size());
  return true;
}

}  // namespace

std::optional<FirebirdError> ReadFirebirdError(std::string_view text) {
  const std::size_t at = text.rfind(kFailed);
  if (at == std::string_view::npos) return std::nullopt;
  text.remove_prefix(at + kFailed.size());
  FirebirdError error;
  error.sqlstate = text.substr(0, text.find('\n'));
  while (!text.empty()) {
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
    std::string_view line = text.substr(0, text.find('\n'));
    // Of the script: where the statement is, or what is before it.
    constexpr std::string_view kAfter = "After line ", kAt = "At line ";
    if (line.starts_with(kAfter)) error.line = NumberAt(line, kAfter.size()) + 1;
    if (line.starts_with(kAt)) error.line = NumberAt(line, kAt.size());
    if (error.line > 0) break;
    if (line.starts_with('-')) line.remove_prefix(1);
    const bool placed = ReadPosition(line, error);
    const bool generic = line == "Dynamic SQL Error" || line.starts_with("SQL error code = ");
    if (line.empty() || generic || (placed && line.starts_with("At line "))) continue;
    if (!error.message.empty()) error.message += ' ';
    error.message += line;
  }
  return error;
}

std::optional<std::size_t> LocateInStatement(std::string_view statement,
                                             const FirebirdError& error) {
  if (error.statement_line == 0) return std::nullopt;
  std::size_t at = 0;
  for (std::uint32_t line = 1; line < error.statement_line; ++line) {
    const std::size_t end = statement.find('\n', at);
    if (end == std::string_view::npos) return std::nullopt;
    at = end + 1;
  }
  // In characters.
  for (std::uint32_t column = 1; column < error.statement_column && at < statement.size(); ++column)
    at += std::max<std::size_t>(base::DecodeUtf8(statement, at).length, 1);
  return std::min(at, statement.size());
}

}  // namespace lockstep::client
