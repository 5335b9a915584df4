// Pieces of SQL that mean the same on every MariaDB and MySQL, whatever sql_mode and character set
// the session has.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lockstep::client::mariadb {

std::string Text(std::string_view text);                   ///< a literal
std::string Texts(const std::vector<std::string>& texts);  ///< a list of them; never empty
std::string Name(std::string_view name);                   ///< `it``s`

/// A condition: none of these tables, nor one that a view or trigger of theirs speaks of, has an
/// engine without transactions. Asked of one database by its name, since a server that is asked
/// of all looks into each of its tables.
std::string AllKnowTransactions(std::string_view database, const std::vector<std::string>& names);

/// An expression: a digest of the tables, views, triggers, routines and events of these names.
/// Without what changes by itself: row counts, AUTO_INCREMENT, statistics.
std::string Fingerprint(std::string_view database, const std::vector<std::string>& names);

}  // namespace lockstep::client::mariadb
