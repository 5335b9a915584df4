#include "native/client/sqlite_error.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "native/client/lines.h"

namespace lockstep::client {
namespace {

constexpr std::string_view kCaretAfter = "^--- error here";
constexpr std::string_view kCaretBefore = "error here ---^";
/// The shell shows an error from at most this many bytes before it (shell.c, shell_error_context).
constexpr std::size_t kWindowBefore = 50;

bool IsBlank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/// "prefix N: " at the start; the number, and what follows in `rest`.
std::optional<std::uint32_t> NumberAfter(std::string_view line, std::string_view prefix,
                                         std::string_view& rest) {
  if (!line.starts_with(prefix)) return std::nullopt;
  line.remove_prefix(prefix.size());
  std::uint32_t number = 0;
  const auto [end, failed] = std::from_chars(line.data(), line.data() + line.size(), number);
  if (failed != std::errc()) return std::nullopt;
  line.remove_prefix(static_cast<std::size_t>(end - line.data()));
  if (!line.starts_with(": ")) return std::nullopt;
  rest = line.substr(2);
  return number;
}

std::optional<SqliteError> ReadLine(std::string_view line) {
  SqliteError error;
  std::string_view rest;
  bool known = false;
  // By version: 3.38 and newer; older ones; a refusal of -safe.
  for (const std::string_view prefix :
       {"Parse error near line ", "Runtime error near line ", "Error: near line ", "line "}) {
    if (const auto number = NumberAfter(line, prefix, rest)) {
      error.line = *number;
      known = true;
      break;
    }
  }
  if (!known) {
    if (!line.starts_with("Error: ")) return std::nullopt;
    rest = line.substr(7);
  }
  if (rest.ends_with(')')) {  // "… (19)"
    const std::size_t open = rest.rfind(" (");
    int code = 0;
    if (open != std::string_view::npos) {
      const auto [end, failed] =
          std::from_chars(rest.data() + open + 2, rest.data() + rest.size() - 1, code);
      if (failed == std::errc() && end == rest.data() + rest.size() - 1) {
        error.code = code;
        rest = rest.substr(0, open);
      }
    }
  }
  error.message = rest;
  if (error.code == 0 && rest.starts_with("unable to open database")) error.code = 14;
  if (error.code == 0 && rest.ends_with(" in safe mode")) error.code = 23;
  return error;
}

void ReadExcerpt(const std::vector<std::string_view>& lines, std::size_t at, SqliteError& error) {
  if (at + 1 >= lines.size() || !lines[at].starts_with("  ")) return;
  const std::string_view pointer = lines[at + 1];
  std::size_t caret = pointer.rfind(kCaretAfter);
  if (caret == std::string_view::npos) {
    caret = pointer.rfind(kCaretBefore);
    if (caret == std::string_view::npos) return;
    caret += kCaretBefore.size() - 1;
  }
  if (caret < 2) return;
  error.excerpt = lines[at].substr(2);
  error.caret = caret - 2;
}

}  // namespace

std::optional<SqliteError> ReadSqliteError(std::string_view standard_error) {
  const std::vector<std::string_view> lines = Lines(standard_error);
  for (std::size_t i = lines.size(); i-- > 0;) {
    auto error = ReadLine(lines[i]);
    if (!error) continue;
    ReadExcerpt(lines, i + 1, *error);
    if (!error->excerpt.empty() || i + 1 == lines.size()) return error;
    // A message of several lines: with -bail it is the last word, and its code stands at its end.
    std::string_view whole =
        standard_error.substr(static_cast<std::size_t>(lines[i].data() - standard_error.data()));
    while (whole.ends_with('\n')) whole.remove_suffix(1);
    return ReadLine(whole);
  }
  return std::nullopt;
}

std::string SqliteCodeName(int code) {
  switch (code) {
    case 2:
      return "SQLITE_INTERNAL";
    case 3:
      return "SQLITE_PERM";
    case 4:
      return "SQLITE_ABORT";
    case 5:
      return "SQLITE_BUSY";
    case 6:
      return "SQLITE_LOCKED";
    case 7:
      return "SQLITE_NOMEM";
    case 8:
      return "SQLITE_READONLY";
    case 9:
      return "SQLITE_INTERRUPT";
    case 10:
      return "SQLITE_IOERR";
    case 11:
      return "SQLITE_CORRUPT";
    case 13:
      return "SQLITE_FULL";
    case 14:
      return "SQLITE_CANTOPEN";
    case 17:
      return "SQLITE_SCHEMA";
    case 18:
      return "SQLITE_TOOBIG";
    case 19:
      return "SQLITE_CONSTRAINT";
    case 20:
      return "SQLITE_MISMATCH";
    case 21:
      return "SQLITE_MISUSE";
    case 23:
      return "SQLITE_AUTH";
    case 26:
      return "SQLITE_NOTADB";
    default:
      return "SQLITE_ERROR";
  }
}

std::optional<std::size_t> LocateInStatement(std::string_view statement, const SqliteError& error) {
  if (error.excerpt.empty()) return std::nullopt;
  // As the shell has it: line ends of \r\n become \n when it reads, and all white space is shown as
  // spaces.
  std::string shown;
  std::vector<std::uint32_t> origin;
  for (std::size_t i = 0; i < statement.size(); ++i) {
    if (statement[i] == '\r' && i + 1 < statement.size() && statement[i + 1] == '\n') continue;
    shown += IsBlank(statement[i]) ? ' ' : statement[i];
    origin.push_back(static_cast<std::uint32_t>(i));
  }
  shown += ';';
  origin.push_back(static_cast<std::uint32_t>(statement.size()));
  // A window that was moved puts the error kWindowBefore bytes in, less a cut character's bytes.
  std::size_t start = 0;
  if (!std::string_view(shown).starts_with(error.excerpt)) {
    if (error.caret + 3 < kWindowBefore) return std::nullopt;
    start = shown.find(error.excerpt);
    if (start == std::string::npos) return std::nullopt;
  }
  return origin[std::min(start + error.caret, origin.size() - 1)];
}

}  // namespace lockstep::client
