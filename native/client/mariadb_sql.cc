#include "native/client/mariadb_sql.h"

#include <algorithm>

namespace lockstep::client::mariadb {

std::string Text(std::string_view text) {
  if (text.empty()) return "''";
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string literal = "_utf8mb4 X'";
  for (const char c : text) literal += {kHex[(c >> 4) & 15], kHex[c & 15]};
  return literal + "'";
}

std::string Name(std::string_view name) {
  std::string quoted = "`";
  for (const char c : name) {
    if (c == '`') quoted += '`';
    quoted += c;
  }
  return quoted + "`";
}

std::string Texts(const std::vector<std::string>& texts) {
  std::string list = "''";
  for (const std::string& text : texts) {
    // Names are of three bytes a character at most, and longer ones an error where they are asked
    // for: https://mariadb.com/kb/en/identifier-names/
    const bool is_name = std::none_of(text.begin(), text.end(),
                                      [](char c) { return static_cast<unsigned char>(c) >= 0xf0; });
    if (is_name) list += ", " + Text(text);
  }
  return list;
}

std::string AllKnowTransactions(std::string_view database, const std::vector<std::string>& used) {
  const std::string names = Texts(used);
  const std::string here = Text(database);
  const auto inside = [&](const std::string& table, const std::string& schema_column,
                          const std::string& name_column, const std::string& body) {
    return " OR EXISTS(SELECT 1 FROM information_schema." + table + " AS b WHERE b." +
           schema_column + " = " + here + " AND b." + name_column + " IN (" + names +
           ") AND INSTR(b." + body + ", t.table_name) > 0)";
  };
  return "NOT EXISTS(SELECT 1 FROM information_schema.tables AS t WHERE t.table_schema = " + here +
         " AND t.table_type = 'BASE TABLE' AND t.engine <> 'InnoDB' AND (t.table_name IN (" +
         names + ")" + inside("views", "table_schema", "table_name", "view_definition") +
         inside("triggers", "event_object_schema", "event_object_table", "action_statement") + "))";
}

std::string Fingerprint(std::string_view database, const std::vector<std::string>& used) {
  const std::string names = Texts(used);
  const std::string schema = Text(database);
  const auto part = [&](const std::string& columns, const std::string& table,
                        const std::string& where) {
    return "(SELECT GROUP_CONCAT(MD5(CONCAT_WS('|', " + columns + ")) ORDER BY " + columns +
           ") FROM information_schema." + table + " WHERE " + where + ")";
  };
  const auto named = [&](const std::string& schema_column, const std::string& name_column) {
    return schema_column + " = " + schema + " AND " + name_column + " IN (" + names + ")";
  };
  return "MD5(CONCAT_WS('/', " +
         part(
             "table_name, table_type, engine, row_format, table_collation, create_options, "
             "table_comment",
             "tables", named("table_schema", "table_name")) +
         ", " +
         part(
             "table_name, ordinal_position, column_name, IFNULL(column_default, '~'), "
             "is_nullable, column_type, IFNULL(collation_name, ''), extra, column_comment, "
             "IFNULL(generation_expression, '')",
             "columns", named("table_schema", "table_name")) +
         ", " +
         part(
             "table_name, index_name, seq_in_index, column_name, non_unique, IFNULL(sub_part, "
             "''), index_type, index_comment",
             "statistics", named("table_schema", "table_name")) +
         ", " +
         part("table_name, constraint_name, constraint_type", "table_constraints",
              named("table_schema", "table_name")) +
         ", " +
         part("table_name, IFNULL(partition_name, ''), IFNULL(partition_description, '')",
              "partitions", named("table_schema", "table_name")) +
         ", " +
         part("table_name, MD5(view_definition), definer, security_type", "views",
              named("table_schema", "table_name")) +
         ", " +
         part(
             "trigger_name, event_object_table, action_timing, event_manipulation, "
             "MD5(action_statement)",
             "triggers",
             "event_object_schema = " + schema + " AND (trigger_name IN (" + names +
                 ") OR event_object_table IN (" + names + "))") +
         ", " +
         part("routine_name, routine_type, MD5(routine_definition), last_altered", "routines",
              named("routine_schema", "routine_name")) +
         ", " +
         part("event_name, status, MD5(event_definition), last_altered", "events",
              named("event_schema", "event_name")) +
         "))";
}

}  // namespace lockstep::client::mariadb
