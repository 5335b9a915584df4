#include "core/sql/refused.h"

#include <algorithm>
#include <array>
#include <optional>

#include "core/base/text.h"
#include "core/sql/first_words.h"
#include "core/sql/sqlite_name.h"

namespace lockstep::sql {
namespace {

using Reason = std::optional<std::string>;

std::string_view TextOf(std::string_view sheet, const Statement& statement) {
  return sheet.substr(statement.span.begin, statement.span.end - statement.span.begin);
}

/// Near the start of a statement, case ignored; `word` in lower case.
bool Mentions(std::string_view text, std::string_view word) {
  text = text.substr(0, 4096);
  return std::search(text.begin(), text.end(), word.begin(), word.end(), [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? a + ('a' - 'A') : a) == b;
         }) != text.end();
}

/// The first two words; "" where there is none.
struct Opening {
  std::string first, second;
};

Opening OpeningOf(std::string_view text) {
  std::vector<std::string> words = FirstWords(text, 2);
  words.resize(2);
  return {std::move(words[0]), std::move(words[1])};
}

/// Parts of a transaction are fine.
bool IsSavepoint(const Opening& opening) {
  return opening.first == "savepoint" || opening.first == "release" ||
         (opening.first == "rollback" && opening.second == "to");
}

Reason WhyNotOnSqlite(const Statement& statement, std::string_view text, bool without_transaction,
                      bool is_last) {
  const Opening opening = OpeningOf(text);
  const std::string& first = opening.first;
  if (text.starts_with('.') || text.starts_with('#')) {
    // On a line of its own it would be a command of the shell. The splitter refuses it as well.
    return " is not SQL; remove it from the sheet";
  }
  if (first == "begin" || first == "commit" || first == "end")
    return " in a sheet: the runner wraps every sheet in a transaction of its own; remove it";
  if (first == "rollback" && !Mentions(text, " to "))
    return " in a sheet would take the marker of the task back too; remove it";
  if (first == "attach" || first == "detach") {
    return " reaches another file, which no sheet may; change each database by a task of its own";
  }
  const SqlitePragma pragma = ReadPragma(text);
  if (pragma.name == "writable_schema") {
    return " lets a sheet destroy the database together with what Lockstep knows of it; change the "
           "schema by DDL";
  }
  if (first == "vacuum" && Mentions(text, "into"))
    return " writes another file, which no sheet may";
  if (statement.not_in_transaction != without_transaction) {
    return without_transaction ? " stands in a sheet of statements that cannot run in a "
                                 "transaction; put it in a sheet of its own"
                               : " cannot run in a transaction; put it in a sheet of its own";
  }
  // Silently without effect there (sqlite.org/pragma.html#pragma_foreign_keys); as the last
  // statement it restores nothing that the end of the session would not.
  if (pragma.name == "foreign_keys" && pragma.has_value && !is_last && !without_transaction)
    return " has no effect in a transaction; move it to the start of the sheet";
  return std::nullopt;
}

Reason WhyNotOnPostgres(const Statement& statement, std::string_view text) {
  const Opening opening = OpeningOf(text);
  if (statement.statement_class == StatementClass::kTransactionControl && !IsSavepoint(opening))
    return " in a sheet: the runner wraps every sheet in a transaction of its own; remove it";
  if (opening.first == "copy" && Mentions(text, "stdin"))
    return " reads what follows in the script; write INSERT, or COPY from a file of the server";
  if ((opening.first == "discard" && opening.second == "all") ||
      Mentions(text, "pg_advisory_unlock_all")) {
    return " gives up the lock by which the runner keeps others from this database; write RESET "
           "ALL, DISCARD TEMP or pg_advisory_unlock of your own lock";
  }
  return std::nullopt;
}

Reason WhyNotOnMysql(const Statement& statement, std::string_view text) {
  const auto [first, second] = OpeningOf(text);
  const bool control = statement.statement_class == StatementClass::kTransactionControl &&
                       second != "not" && first != "savepoint" && first != "release";
  const bool sets_transaction =
      first == "set" && (Mentions(text, "autocommit") || second == "transaction");
  if (control || first == "xa" || sets_transaction) {
    return " in a sheet: the runner makes transactions of its statements, as far as they go; "
           "remove it";
  }
  if (first == "lock" || first == "unlock") {
    return " locks the runner's own tables out; remove it: neighbouring changes of data are one "
           "transaction";
  }
  if (first == "use")
    return " leaves the task's database; change each database by a task of its own";
  if (first == "load" && Mentions(text, "local"))
    return " reads a file of the runner, which no sheet may";
  return std::nullopt;
}

/// isql's own, wherever a statement begins with one.
constexpr std::array kIsqlCommands = {
    "add",  "blobdump", "blobview", "commit", "connect", "copy", "edit",     "exit",  "explain",
    "help", "in",       "input",    "out",    "output",  "quit", "rollback", "shell", "show"};

Reason WhyNotOnFirebird(std::string_view text) {
  const auto [first, second] = OpeningOf(text);
  const bool setting = first == "set" && second != "generator" && second != "statistics";
  const bool database =
      (first == "create" || first == "drop") && (second == "database" || second == "schema");
  if (first == "commit" || first == "rollback" || (setting && second == "transaction"))
    return " in a sheet: the runner makes transactions of its statements; remove it";
  if (setting || database ||
      std::find(kIsqlCommands.begin(), kIsqlCommands.end(), first) != kIsqlCommands.end())
    return " is a command of the client, which no sheet may give; remove it";
  return std::nullopt;
}

}  // namespace

std::size_t HoistedPragmas(std::string_view sheet, const SplitResult& split) {
  const auto first_other =
      std::find_if(split.statements.begin(), split.statements.end(), [&](const Statement& s) {
        const std::string name = ReadPragma(TextOf(sheet, s)).name;
        return name != "foreign_keys" && name != "synchronous" && name != "temp_store";
      });
  return static_cast<std::size_t>(first_other - split.statements.begin());
}

bool RunsWithoutTransaction(std::string_view sheet, const SplitResult& split) {
  const std::size_t hoisted = HoistedPragmas(sheet, split);
  return hoisted < split.statements.size() && split.statements[hoisted].not_in_transaction;
}

std::vector<Refusal> RefusedStatements(Engine engine, std::string_view sheet,
                                       const SplitResult& split) {
  const bool sqlite = engine == Engine::kSqlite;
  const bool without_transaction = sqlite && RunsWithoutTransaction(sheet, split);
  std::vector<Refusal> refusals;
  for (std::size_t i = sqlite ? HoistedPragmas(sheet, split) : 0; i < split.statements.size();
       ++i) {
    const Statement& statement = split.statements[i];
    const std::string_view text = TextOf(sheet, statement);
    Reason why;
    switch (engine) {
      case Engine::kSqlite:
        why =
            WhyNotOnSqlite(statement, text, without_transaction, i + 1 == split.statements.size());
        break;
      case Engine::kPostgres:
        why = WhyNotOnPostgres(statement, text);
        break;
      case Engine::kMysql:
      case Engine::kMariadb:
        why = WhyNotOnMysql(statement, text);
        break;
      case Engine::kFirebird:
        why = WhyNotOnFirebird(text);
        break;
      default:
        return refusals;
    }
    if (why) refusals.push_back({static_cast<std::uint32_t>(i), base::Quote(text) + *why});
  }
  return refusals;
}

}  // namespace lockstep::sql
