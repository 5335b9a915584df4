#include "native/client/mariadb_step.h"

#include <algorithm>
#include <initializer_list>

#include "core/base/text.h"
#include "core/sql/first_words.h"
#include "native/client/script.h"

namespace lockstep::client {
namespace {

using sql::StatementClass;

bool IsOneOf(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Names a database, perhaps another one: what is changed there the fingerprint does not see. Of
/// views and programs only the name counts, not what they are made of.
bool NamesDatabase(std::string_view text) {
  const std::string lower = base::ToLowerAscii(text);
  std::size_t end = lower.size();
  for (const std::string_view program : {"view", "procedure", "function", "trigger", "event"}) {
    if (std::string_view(lower).substr(0, 200).find(program) == std::string_view::npos) continue;
    end = std::min(
        {end, lower.find('('), lower.find(" as "), lower.find("\nas"), lower.find("select")});
  }
  const auto is_name = [&lower](std::size_t i) {
    return (lower[i] >= 'a' && lower[i] <= 'z') || lower[i] == '`' || lower[i] == '_';
  };
  for (std::size_t i = 1; i + 1 < end; ++i) {
    if (lower[i] == '.' && is_name(i + 1) &&
        (is_name(i - 1) || (lower[i - 1] >= '0' && lower[i - 1] <= '9')))
      return true;
  }
  return false;
}

}  // namespace

StepKind MariadbStepKind(const TaskScript& task, std::size_t index) {
  const sql::Statement& statement = task.split->statements[index];
  const std::string_view text = StatementText(task, index);
  const std::vector<std::string> words = sql::FirstWords(text, 4);
  const std::string& first = words[0];
  const std::string second = words.size() > 1 ? words[1] : "";
  if (first == "set" && second == "statement") {  // … FOR a statement
    return statement.statement_class == StatementClass::kDml ? StepKind::kAtomic
                                                             : StepKind::kOpaque;
  }
  if (!statement.implicit_commit) {
    // A function or a query may have another value the next time, or write.
    if (statement.statement_class == StatementClass::kSession)
      return text.find('(') == std::string_view::npos ? StepKind::kSession : StepKind::kAtomic;
    // What these do inside nobody sees: it may commit there.
    if (IsOneOf(first, {"call", "execute", "do", "begin", "if", "while", "loop", "for", "case"}))
      return StepKind::kOpaque;
    if (statement.statement_class == StatementClass::kQuery) {
      const std::string lower = base::ToLowerAscii(text);
      if (lower.find("into") == std::string::npos) return StepKind::kAtomic;
      const bool file =
          lower.find("outfile") != std::string::npos || lower.find("dumpfile") != std::string::npos;
      return file ? StepKind::kOpaque : StepKind::kAtomic;
    }
    return StepKind::kAtomic;
  }
  if (IsOneOf(first, {"analyze", "optimize", "check", "repair", "flush", "grant", "revoke", "cache",
                      "load", "reset", "set"}))
    return StepKind::kRepeatable;
  if (!IsOneOf(first, {"create", "alter", "drop", "rename"}) || NamesDatabase(text))
    return StepKind::kOpaque;  // TRUNCATE: a second time it could take away what came since
  if (IsOneOf(second, {"user", "role", "database", "schema", "server", "tablespace", "package"}))
    return StepKind::kOpaque;
  // Done a second time these would undo, or take away what came since; or leave no trace.
  const std::vector<std::string> all = sql::FirstWords(text, 4096);
  const auto has = [&all](std::string_view word) {
    return std::find(all.begin(), all.end(), word) != all.end();
  };
  if (first == "alter" && (has("exchange") || has("truncate") || has("restart") ||
                           has("tablespace") || second == "sequence"))
    return StepKind::kOpaque;
  if (second == "or" && (has("table") || has("sequence"))) return StepKind::kOpaque;  // OR REPLACE
  if (has("event") && has("schedule")) return StepKind::kOpaque;
  // Of several tables each is renamed or dropped by itself.
  if (IsOneOf(first, {"rename", "drop"}) && text.find(',') != std::string_view::npos)
    return StepKind::kOpaque;
  return StepKind::kVisible;
}

}  // namespace lockstep::client
