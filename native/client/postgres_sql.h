// Pieces of SQL for PostgreSQL that do not depend on the session's search_path.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "native/client/client.h"

namespace lockstep::client::postgres {

// Expressions.
std::string Hex(std::string_view expression);   ///< of a text, as UTF-8
std::string Time(std::string_view expression);  ///< of a timestamptz: 2026-11-22T01:00:00.000Z
std::string HistoryRow();  ///< of lockstep_history, as the marker "row" wants it
/// A digest of the relations of these names, and of the indexes of such tables.
std::string Fingerprint(const std::vector<std::string>& names);
/// A row of lockstep_history by which the task is applied or begun: its own, its version's, or one
/// of the same spec for the same text, whose sheet had another name then.
std::string IsThere(const TaskScript& task);
std::string Exists(const NewDatabase& database);
/// In the database: it is empty, and is as Create would make it.
std::string IsAlike(const NewDatabase& database);

/// The indexes that are not valid, a line each: name, name to drop it by, schema and table, with
/// tabs between.
std::string InvalidIndexes();
/// A condition: one of these names is that of an invalid index, or of its table.
std::string HasInvalidIndex(const std::vector<std::string>& names);

/// Who has an advisory lock ("1, 2"): FROM pg_stat_activity a …; kSession is a text about it.
std::string HolderOf(std::string_view lock);
/// The same of a lock on a relation of one of these names.
std::string HolderOfRelation(const std::vector<std::string>& names);
/// Of other roles' sessions the server tells less.
inline constexpr std::string_view kSession =
    "pg_catalog.concat('session ', a.pid, ' (', pg_catalog.concat_ws(', ', a.usename, "
    "nullif(a.application_name, ''), a.state || ' since ' || pg_catalog.to_char(a.state_change AT "
    "TIME ZONE 'UTC', 'HH24:MI:SS') || ' UTC'), '): ', pg_catalog.left(a.query, 200))";

// Statements.
std::string CreateHistory();  ///< table public.lockstep_history
std::string CreateSteps();    ///< table public.lockstep_step
std::string Create(const NewDatabase& database);
/// A copy of the task's row, done, under the key of its version.
std::string InsertVersion(const TaskScript& task);

}  // namespace lockstep::client::postgres
