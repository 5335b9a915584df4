#include "native/client/mariadb_error.h"

#include <charconv>

#include "core/sql/first_words.h"
#include "native/client/steps.h"

namespace lockstep::client {
namespace {

/// The server cuts what it quotes of a statement there.
constexpr std::size_t kNearLimit = 80;

template <class Number>
bool TakeNumber(std::string_view& rest, Number& number) {
  const auto [after, failed] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  if (failed != std::errc()) return false;
  rest.remove_prefix(static_cast<std::size_t>(after - rest.data()));
  return true;
}

bool Take(std::string_view& rest, std::string_view text) {
  if (!rest.starts_with(text)) return false;
  rest.remove_prefix(text.size());
  return true;
}

/// "ERROR 1064 (42000) at line 9: …", "ERROR 2002 (HY000): …"
std::optional<MariadbError> ReadMariadbHead(std::string_view rest) {
  MariadbError error;
  if (!Take(rest, "ERROR ") || !TakeNumber(rest, error.code) || !Take(rest, " (") ||
      rest.size() < 6) {
    return std::nullopt;
  }
  error.sqlstate = rest.substr(0, 5);
  rest.remove_prefix(5);
  if (!Take(rest, ")")) return std::nullopt;
  if (Take(rest, " at line ") && !TakeNumber(rest, error.line)) return std::nullopt;
  if (!Take(rest, ": ")) return std::nullopt;
  while (rest.ends_with('\n')) rest.remove_suffix(1);
  error.message = rest;
  return error;
}

std::uint32_t LineAt(std::string_view text, std::size_t offset) {
  std::uint32_t line = 1;
  for (std::size_t i = 0; i < offset; ++i) line += text[i] == '\n' ? 1 : 0;
  return line;
}

/// "… near 'ANDD id = 2' at line 3": the end of the statement from there, or the beginning of it.
std::optional<std::size_t> LocateNear(std::string_view statement, std::string_view message) {
  const std::size_t begin = message.find("near '");
  const std::size_t end = message.rfind("' at line ");
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin + 6)
    return std::nullopt;
  const std::string_view near = message.substr(begin + 6, end - begin - 6);
  std::string_view rest = message.substr(end + 10);
  std::uint32_t line = 0;
  TakeNumber(rest, line);
  if (near.empty()) return statement.empty() ? 0 : statement.size() - 1;
  if (near.size() < kNearLimit && statement.ends_with(near)) return statement.size() - near.size();
  std::optional<std::size_t> best;
  for (std::size_t at = statement.find(near); at != std::string_view::npos;
       at = statement.find(near, at + 1)) {
    // The server does not count line ends in strings: it names a line too early, if a wrong one.
    if (!best || LineAt(statement, at) <= line) best = at;
  }
  return best;
}

/// "Unknown column 'nme' in 'field list'", "Table 'hr.persn' doesn't exist": where the name stands.
std::optional<std::size_t> LocateName(std::string_view statement, std::string_view message) {
  const std::size_t begin = message.find('\'');
  const std::size_t end = message.find('\'', begin + 1);
  if (begin == std::string_view::npos || end == std::string_view::npos) return std::nullopt;
  std::string_view name = message.substr(begin + 1, end - begin - 1);
  name.remove_prefix(name.rfind('.') == std::string_view::npos ? 0 : name.rfind('.') + 1);
  if (name.empty()) return std::nullopt;
  for (std::size_t at = statement.find(name); at != std::string_view::npos;
       at = statement.find(name, at + 1)) {
    const bool starts = at == 0 || !sql::IsNameByte(statement[at - 1]);
    const std::size_t after = at + name.size();
    if (starts && (after == statement.size() || !sql::IsNameByte(statement[after]))) return at;
  }
  return std::nullopt;
}

}  // namespace

std::optional<MariadbError> ReadMariadbError(std::string_view standard_error) {
  for (std::size_t at = standard_error.rfind("ERROR "); at != std::string_view::npos;
       at = at == 0 ? std::string_view::npos : standard_error.rfind("ERROR ", at - 1)) {
    if (at != 0 && standard_error[at - 1] != '\n') continue;
    if (auto error = ReadMariadbHead(standard_error.substr(at))) return error;
  }
  return std::nullopt;
}

std::optional<std::size_t> LocateInStatement(std::string_view statement,
                                             const MariadbError& error) {
  switch (error.code) {
    case 1064:  // syntax
    case 1149:
      return LocateNear(statement, error.message);
    case 1054:  // unknown column
    case 1146:  // no such table
    case 1091:  // can't drop
    case 1072:  // key column
      return LocateName(statement, error.message);
    default:
      return std::nullopt;
  }
}

}  // namespace lockstep::client
