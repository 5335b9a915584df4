#include "native/client/postgres_error.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "core/base/text.h"
#include "core/base/utf8.h"
#include "native/client/lines.h"

namespace lockstep::client {
namespace {

constexpr std::string_view kScript = "psql:<stdin>:";
constexpr std::string_view kConnect = "psql: error: ";

bool IsSqlstate(std::string_view text) {
  return text.size() == 5 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
         });
}

/// "psql:<stdin>:12: ERROR:  42601: syntax error". The word is the server's, in its language.
std::optional<PostgresError> ReadPostgresHead(std::string_view line) {
  PostgresError error;
  if (!line.starts_with(kScript)) return std::nullopt;
  const char* const end = line.data() + line.size();
  const auto [after, failed] = std::from_chars(line.data() + kScript.size(), end, error.line);
  if (failed != std::errc()) return std::nullopt;
  std::string_view rest(after, static_cast<std::size_t>(end - after));
  if (!rest.starts_with(": ")) return std::nullopt;
  rest.remove_prefix(2);
  const std::size_t state = rest.find(":  ");
  if (state != std::string_view::npos && IsSqlstate(rest.substr(state + 3, 5)) &&
      rest.substr(state + 8).starts_with(": ")) {
    error.sqlstate = rest.substr(state + 3, 5);
    const std::string_view severity = rest.substr(0, state);
    if (severity == "WARNING" || severity == "NOTICE" || severity == "INFO" || severity == "LOG" ||
        severity.starts_with("DEBUG"))
      error.sqlstate = "00000";  // RAISE gives them any code
    error.message = rest.substr(state + 10);
    return error;
  }
  // psql's own: "error: backslash commands are restricted; only \unrestrict is allowed"
  if (rest.starts_with("error: ")) rest.remove_prefix(7);
  error.message = rest;
  return error;
}

struct Told {
  std::string_view text;
  std::string_view sqlstate;
};

/// While connecting psql shows no SQLSTATE. Texts of the server's source, in English.
constexpr std::array kConnectErrors = {
    Told{"password authentication failed", "28P01"},
    Told{"no password supplied", "28P01"},
    Told{"authentication failed", "28000"},
    Told{"no pg_hba.conf entry", "28000"},
    Told{"is not permitted to log in", "28000"},
    Told{"role \"", "28000"},
    Told{"database \"", "3D000"},
    Told{"permission denied for database", "42501"},
    Told{"the database system is", "57P03"},  // starting up, shutting down, in recovery mode
    Told{"too many", "53300"},
    Told{"remaining connection slots", "53300"},
};

PostgresError ConnectError(std::string_view text) {
  PostgresError error;
  while (text.ends_with('\n')) text.remove_suffix(1);
  error.message = text;
  error.sqlstate = "08001";
  for (const Told& told : kConnectErrors) {
    if (text.find(told.text) == std::string_view::npos) continue;
    error.sqlstate = told.sqlstate;
    break;
  }
  return error;
}

void Append(std::string& text, std::string_view line) {
  if (!text.empty()) text += '\n';
  text += line;
}

/// "LINE 4: SELECT 1 ANDD 2" and, below, blanks and a caret.
void ReadPosition(std::string_view line, std::string_view pointer, PostgresError& error) {
  line.remove_prefix(std::string_view("LINE ").size());
  const auto [after, failed] =
      std::from_chars(line.data(), line.data() + line.size(), error.statement_line);
  if (failed != std::errc()) return;
  const std::size_t prefix = static_cast<std::size_t>(after - line.data()) + 2 + 5;
  line.remove_prefix(std::min(prefix - 5, line.size()));
  const std::size_t caret = pointer.find('^');
  if (caret == std::string_view::npos || caret < prefix) return;
  std::size_t columns = caret - prefix;
  if (line.starts_with("...")) {
    line.remove_prefix(3);
    columns -= std::min<std::size_t>(columns, 3);
  }
  // psql counts in columns of a terminal.
  for (std::size_t seen = 0; seen < columns && error.caret < line.size();) {
    const std::size_t length = std::max<std::size_t>(base::DecodeUtf8(line, error.caret).length, 1);
    seen += base::DisplayWidth(line.substr(error.caret, length));
    error.caret += length;
  }
  if (line.ends_with("...")) line.remove_suffix(3);
  error.excerpt = line;
}

void ReadDetails(const std::vector<std::string_view>& lines, std::size_t at, PostgresError& error) {
  std::string* field = &error.message;
  std::string query, ignored;
  for (std::size_t i = at; i < lines.size(); ++i) {
    const std::string_view line = lines[i];
    if (line.starts_with(kScript) || line.starts_with("server closed the connection")) break;
    if (line.starts_with("LINE ")) {
      if (error.statement_line == 0)
        ReadPosition(line, i + 1 < lines.size() ? lines[i + 1] : "", error);
      ++i;
      field = &ignored;
      continue;
    }
    const struct {
      std::string_view label;
      std::string* text;
    } fields[] = {{"DETAIL:  ", &error.detail},     {"HINT:  ", &error.hint},
                  {"CONTEXT:  ", &error.context},   {"QUERY:  ", &query},
                  {"LOCATION:  ", &ignored},        {"SCHEMA NAME:  ", &ignored},
                  {"TABLE NAME:  ", &ignored},      {"COLUMN NAME:  ", &ignored},
                  {"CONSTRAINT NAME:  ", &ignored}, {"DATATYPE NAME:  ", &ignored}};
    const auto* known = std::find_if(std::begin(fields), std::end(fields),
                                     [line](const auto& f) { return line.starts_with(f.label); });
    if (known != std::end(fields)) {
      field = known->text;
      Append(*field, line.substr(known->label.size()));
    } else {
      Append(*field, line);
    }
  }
  // Inside of a function the place is one in its body.
  if (!query.empty()) {
    error.statement_line = 0;
    error.excerpt.clear();
  }
}

}  // namespace

std::optional<PostgresError> ReadPostgresError(std::string_view standard_error) {
  // Connecting comes before all that a script can make the server say.
  if (const std::size_t at = standard_error.rfind(kConnect);
      at != std::string_view::npos && (at == 0 || standard_error[at - 1] == '\n') &&
      standard_error.substr(0, at).find(kScript) == std::string_view::npos) {
    return ConnectError(standard_error.substr(at + kConnect.size()));
  }
  const std::vector<std::string_view> lines = Lines(standard_error);
  std::optional<PostgresError> last;
  for (std::size_t i = lines.size(); i-- > 0;) {
    auto error = ReadPostgresHead(lines[i]);
    if (!error) continue;
    if (error->sqlstate.starts_with("00") || error->sqlstate.starts_with("01")) break;
    ReadDetails(lines, i + 1, *error);
    // "error: connection to server was lost" stands behind what the server said last, if it did.
    if (!error->sqlstate.empty()) return error;
    if (!last) last = std::move(error);
  }
  if (last && last->message.find("connection") != std::string::npos) last->sqlstate = "08006";
  return last;
}

std::optional<std::size_t> LocateInStatement(std::string_view text, const PostgresError& error) {
  if (error.excerpt.empty() || error.statement_line == 0) return std::nullopt;
  const std::string statement = std::string(text) + ";";  // as it was sent
  // psql drops empty lines outside of quotes, and fetching in portions puts a line in front: so the
  // line that reads like the excerpt, nearest to the one that was named.
  const std::size_t wanted = error.statement_line - 1;
  std::optional<std::size_t> best;
  std::size_t best_distance = 0, number = 0, begin = 0, filled = 0;
  while (begin <= statement.size()) {
    const std::size_t end = std::min(statement.find('\n', begin), statement.size());
    const std::string_view line = std::string_view(statement).substr(begin, end - begin);
    const std::size_t at = line.find(error.excerpt);
    if (at != std::string_view::npos) {
      // The number without empty lines is what psql means; with them when they are in quotes.
      const std::size_t distance = std::min(std::max(filled, wanted) - std::min(filled, wanted),
                                            std::max(number, wanted) - std::min(number, wanted));
      if (!best || distance < best_distance) {
        best = begin + at + std::min(error.caret, error.excerpt.size());
        best_distance = distance;
      }
    }
    ++number;
    if (!line.empty()) ++filled;
    begin = end + 1;
  }
  return best;
}

}  // namespace lockstep::client
