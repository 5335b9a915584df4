// Names in statements of SQLite, bare or in any of its quotes, with comments between them.
// https://sqlite.org/lang_keywords.html
#pragma once

#include <string>
#include <string_view>

namespace lockstep::sql {

struct SqlitePragma {
  std::string name;        ///< in lower case; empty: the statement is no PRAGMA
  bool has_value = false;  ///< = value, or (value)
};

/// PRAGMA [schema.]name [= value | (value)]
SqlitePragma ReadPragma(std::string_view statement);

/// Whether a CREATE … names the schema `temp`, which is the session's: CREATE TABLE temp.t
bool CreatesInTemp(std::string_view statement);

}  // namespace lockstep::sql
