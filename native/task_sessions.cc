#include "native/task_sessions.h"

#include "core/base/json_writer.h"
#include "core/base/text.h"
#include "native/ask.h"
#include "native/connection/redactor.h"
#include "native/task_table.h"
#include "native/workplace.h"

namespace lockstep::native {
namespace {

using base::Error;
using base::ErrorCode;

/// Takes passwords out of JSON, where quotes in them are escaped.
std::string WithoutSecrets(const std::vector<std::string_view>& secrets, std::string_view json) {
  std::vector<std::string> spellings;
  for (const std::string_view secret : secrets) {
    base::JsonWriter writer;
    const std::string quoted = writer.String(secret).Take();
    spellings.push_back(quoted.substr(1, quoted.size() - 2));
  }
  return connection::Redactor({spellings.begin(), spellings.end()}).Redact(json);
}

base::Result<Question> QuestionFor(const TaskTable& tasks, rollout::TaskIndex task,
                                   const Execution& execution) {
  if (const std::string& problem = tasks.ProblemOf(task); !problem.empty())
    return Error{ErrorCode::kUnavailable, problem};
  const client::Target& target = tasks.TargetOf(task);
  client::TaskScript script = tasks.ScriptOf(task);
  script.nonce = kQuestionNonce;
  auto command = tasks.ClientOf(task).MakeSessionProbe(target, script);
  if (!command) {
    return Error{ErrorCode::kUnimplemented,
                 "sessions of " + std::string(sql::Facts(target.engine).title) +
                     " are not looked at, only those of PostgreSQL; `lockstep status` tells what a "
                     "task waits for"};
  }
  if (!connection::IsAllowed(target, execution.allowed_hosts)) {
    return Error{ErrorCode::kPermissionDenied, "the database is on " +
                                                   base::Quote(connection::HostOf(target)) +
                                                   ", which no --allow-host names"};
  }
  auto program = connection::FindClient(target.engine, execution.clients);
  if (!program.ok()) return program.error();
  command->program = std::move(*program);
  return Question{
      .command = std::move(*command), .nonce = kQuestionNonce, .patience = base::Seconds(5)};
}

}  // namespace

base::Result<std::string> AskSessions(process::Loop& loop, const StoredRollout& stored,
                                      rollout::TaskIndex task, const Execution& execution) {
  // Of all databases: what other sessions of the server do may name any of their passwords.
  const TaskTable tasks(stored.workspace(), stored.rollout(), FolderOf(stored, execution),
                        execution);
  auto question = QuestionFor(tasks, task, execution);
  if (!question.ok()) return question.error();
  const Answer answer = AskAll(loop, {std::move(*question)}).front();
  if (answer.error) return Error{ErrorCode::kUnavailable, answer.error->message};
  const std::string_view sessions = answer.markers.fact("sessions");
  if (answer.markers.committed && !sessions.empty())
    return WithoutSecrets(tasks.Secrets(), sessions);
  const auto error = tasks.ClientOf(task).InterpretConnection(answer.markers, answer.end());
  return Error{ErrorCode::kUnavailable,
               connection::Redactor(tasks.Secrets())
                   .Redact(error ? error->message : "the server did not tell its sessions")};
}

}  // namespace lockstep::native
