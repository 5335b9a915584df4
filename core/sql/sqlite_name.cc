#include "core/sql/sqlite_name.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/sql/dialect.h"

namespace lockstep::sql {
namespace {

void SkipBlanksAndComments(std::string_view& rest) {
  for (;;) {
    const std::size_t blanks = rest.find_first_not_of(" \t\r\n\f");
    rest.remove_prefix(std::min(blanks, rest.size()));
    const bool line = rest.starts_with("--");
    if (!line && !rest.starts_with("/*")) return;
    const std::size_t end = line ? rest.find('\n') : rest.find("*/", 2);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + (line ? 1 : 2));
  }
}

/// The next name, bare or in any of SQLite's quotes; "" when none comes.
std::string TakeName(std::string_view& rest) {
  SkipBlanksAndComments(rest);
  if (rest.empty()) return {};
  constexpr std::string_view kOpening = "\"'`[", kClosing = "\"'`]";
  const std::size_t quote = kOpening.find(rest.front());
  std::size_t size = 0;
  if (quote != std::string_view::npos) {
    rest.remove_prefix(1);
    size = std::min(rest.find(kClosing[quote]), rest.size());
  } else {
    while (size < rest.size() && IsWordByte(static_cast<unsigned char>(rest[size]))) ++size;
  }
  const std::string name(rest.substr(0, size));
  rest.remove_prefix(std::min(size + (quote != std::string_view::npos ? 1 : 0), rest.size()));
  return name;
}

/// Takes a dot that comes next.
bool TakeDot(std::string_view& rest) {
  SkipBlanksAndComments(rest);
  if (!rest.starts_with('.')) return false;
  rest.remove_prefix(1);
  return true;
}

}  // namespace

SqlitePragma ReadPragma(std::string_view statement) {
  SqlitePragma pragma;
  if (!base::EqualsIgnoreCaseAscii(TakeName(statement), "pragma")) return pragma;
  pragma.name = TakeName(statement);
  if (TakeDot(statement)) pragma.name = TakeName(statement);  // the schema was first
  pragma.name = base::ToLowerAscii(pragma.name);
  SkipBlanksAndComments(statement);
  pragma.has_value = statement.starts_with('=') || statement.starts_with('(');
  return pragma;
}

bool CreatesInTemp(std::string_view statement) {
  // CREATE VIRTUAL TABLE IF NOT EXISTS temp.t
  for (int words = 0; words < 7; ++words) {
    const std::string name = TakeName(statement);
    if (name.empty()) return false;
    if (TakeDot(statement)) return base::EqualsIgnoreCaseAscii(name, "temp");
  }
  return false;
}

}  // namespace lockstep::sql
