#include "native/client/postgres_step.h"

#include <algorithm>

#include "core/sql/first_words.h"
#include "native/client/script.h"

namespace lockstep::client {

using sql::StatementClass;

StepKind PostgresStepKind(const TaskScript& task, std::size_t index) {
  const sql::Statement& statement = task.split->statements[index];
  if (!statement.not_in_transaction) {
    return statement.statement_class == StatementClass::kSession ? StepKind::kSession
                                                                 : StepKind::kAtomic;
  }
  const std::vector<std::string> words = sql::FirstWords(StatementText(task, index), 3);
  const std::string& first = words[0];
  const bool index_statement =
      words.size() > 1 && (words[1] == "index" || words[1] == "unique") && first != "reindex";
  if (index_statement) return StepKind::kVisible;
  const bool repeatable =
      first == "vacuum" || first == "reindex" || first == "cluster" || first == "discard" ||
      (first == "alter" && words.size() > 1 && (words[1] == "system" || words[1] == "database"));
  return repeatable ? StepKind::kRepeatable : StepKind::kOpaque;
}

bool IsStepwiseOnPostgres(const TaskScript& task) {
  if (task.split == nullptr) return false;
  const auto& statements = task.split->statements;
  return std::any_of(statements.begin(), statements.end(),
                     [](const sql::Statement& statement) { return statement.not_in_transaction; });
}

bool IsPlainQuery(const TaskScript& task, std::size_t index) {
  if (task.split->statements[index].statement_class != StatementClass::kQuery) return false;
  const std::vector<std::string> words = sql::FirstWords(StatementText(task, index), 4096);
  const std::string& first = words.front();
  return (first == "select" || first == "values" || first == "table" || first == "with") &&
         words.size() < 4096 && std::find(words.begin(), words.end(), "into") == words.end();
}

}  // namespace lockstep::client
