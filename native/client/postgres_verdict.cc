// The verdicts: what the end of psql, its markers and its last words mean for the task.
#include "native/client/postgres.h"
#include "native/client/postgres_error.h"
#include "native/client/postgres_script.h"
#include "native/client/postgres_step.h"
#include "native/client/verdict.h"

namespace lockstep::client {
namespace {

using rollout::TaskError;

/// Another attempt may well succeed: lock timeout, deadlock, serialization failure, no connection
/// left, a server that is starting.
bool IsWorthAnotherTry(std::string_view sqlstate) {
  return sqlstate == "55P03" || sqlstate == "40P01" || sqlstate == "40001" || sqlstate == "53300" ||
         sqlstate == "57P03";
}

TaskError ToTaskError(const PostgresError& told) {
  TaskError error =
      PlainError(told.sqlstate.empty() ? "CLIENT" : told.sqlstate, told.message, told.hint);
  error.detail = told.detail;
  if (!told.context.empty()) error.detail += (error.detail.empty() ? "" : "\n") + told.context;
  return error;
}

KindOfStatement KindIfStepwise(const TaskScript& script) {
  return IsStepwiseOnPostgres(script) ? PostgresStepKind : nullptr;
}

/// The statement of a stepwise sheet that an error met: what is committed before it.
void JudgeStatement(const TaskScript& script, std::uint32_t index, RunVerdict& verdict) {
  verdict.statements_done = index;
  verdict.nothing_done = true;
  if (!IsStepwiseOnPostgres(script)) return;
  const std::uint32_t committed =
      CommittedBefore(script, index, script.resume ? script.resume->next() : 0, PostgresStepKind);
  verdict.nothing_done = committed == 0;
  verdict.committed = committed;
}

TaskError TransactionEnded() {
  return PlainError("TRANSACTION_ENDED", "the sheet ended the transaction of its task");
}

void JudgePostgresError(const TaskScript& script, const MarkerLog& markers,
                        const PostgresError& told, RunVerdict& verdict) {
  verdict.error = ToTaskError(told);
  verdict.lock_busy = IsWorthAnotherTry(told.sqlstate);
  verdict.state = RunState::kFailed;
  const bool stepwise = IsStepwiseOnPostgres(script);
  if (told.line == 0 && !markers.started) {  // no connection: nothing was ever sent
    verdict.nothing_done = true;
    return;
  }
  const ScriptSection section = MakePostgresScript(script).At(told.line);
  // Class 08, 57P01 and the like: the server may not have heard all, or done all, of what was sent.
  const bool connection_lost = told.sqlstate.starts_with("08") || told.sqlstate.starts_with("57P");
  // COMMIT was sent: what the server told about something before it is not how that ended.
  if (told.line == 0 || (markers.precommit && section.part != ScriptPart::kCommit)) {
    verdict.state = RunState::kLost;
    return;
  }
  switch (section.part) {
    case ScriptPart::kStatement:
    case ScriptPart::kStep: {
      JudgeStatement(script, section.statement, verdict);
      if (section.part == ScriptPart::kStatement) {
        SetPlace(script, section.statement,
                 LocateInStatement(StatementText(script, section.statement), told).value_or(0),
                 verdict.error);
      }
      const bool by_itself =
          stepwise && (section.part == ScriptPart::kStep ||
                       PostgresStepKind(script, section.statement) != StepKind::kAtomic);
      if (by_itself && connection_lost) verdict.state = RunState::kLost;
      verdict.begun_failed =
          stepwise && section.part == ScriptPart::kStatement && !connection_lost &&
          PostgresStepKind(script, section.statement) == StepKind::kVisible;
      return;
    }
    case ScriptPart::kCreate:
      // Another runner makes it at this moment, or is in the template.
      verdict.lock_busy |=
          told.sqlstate == "42P04" || told.sqlstate == "23505" || told.sqlstate == "55006";
      verdict.nothing_done = true;
      return;
    case ScriptPart::kMustBeEmpty:
      if (told.sqlstate == "22012") verdict.error = DatabaseExists();
      verdict.nothing_done = true;
      return;
    case ScriptPart::kSameTransaction:       // of a step
      if (told.sqlstate == "42601") return;  // sent together with what a statement left
      verdict.state = RunState::kPartial;
      verdict.error = TransactionEnded();
      return;
    case ScriptPart::kCommit:
      if (told.message.find(std::string(kNotDone) + "false") != std::string::npos) {
        verdict.state = RunState::kPartial;
        verdict.error = TransactionEnded();
        return;
      }
      if (told.message.find(kNotDone) != std::string::npos) {
        verdict.error =
            PlainError("MARKER_CHANGED", "the sheet changed its own row in table lockstep_history");
      }
      // A deferred constraint: rolled back. Without a connection nobody knows here.
      if (connection_lost) verdict.state = RunState::kLost;
      verdict.nothing_done = !stepwise && !connection_lost;
      return;
    case ScriptPart::kMarkerRow:
      if (script.resume && told.sqlstate == "22012") {
        verdict.error = PlainError("CONFLICT", "another runner went on with this task meanwhile");
        verdict.lock_busy = true;
      }
      verdict.nothing_done = true;
      return;
    case ScriptPart::kHistory:
      if (told.sqlstate == "42501" && verdict.error.hint.empty()) {
        verdict.error.hint =
            "the runner needs a table public.lockstep_history: GRANT CREATE ON "
            "SCHEMA public TO the role";
      }
      verdict.nothing_done = true;
      return;
    default:
      verdict.nothing_done = true;
      return;
  }
}

}  // namespace

RunVerdict Postgres::Interpret(const Target& /*target*/, const TaskScript& script,
                               const MarkerLog& markers, const ProcessEnd& end) const {
  RunVerdict verdict;
  verdict.statements_done = markers.statements_done;
  const bool ended_well = end.exit_code == 0 && end.signal == 0;
  if (ended_well && markers.committed) {
    verdict.state = RunState::kSucceeded;
    return verdict;
  }
  if (ended_well && !markers.fact("busy").empty()) {
    verdict.state = RunState::kFailed;
    verdict.nothing_done = verdict.lock_busy = true;
    verdict.holder = markers.fact("holder");
    verdict.error = PlainError("LOCKED", "another session works on this database with Lockstep");
    verdict.error.detail = verdict.holder;
    return verdict;
  }
  if (ended_well && markers.started && markers.row) {
    JudgeOldSteps(script, markers, KindIfStepwise(script), verdict);
    return verdict;
  }
  auto told = ReadPostgresError(end.standard_error);
  if (told && end.signal == 0 && !ended_well && !markers.committed) {
    told->line = end.OwnLine(told->line);
    JudgePostgresError(script, markers, *told, verdict);
    return verdict;
  }
  verdict.error =
      ended_well ? PlainError("LOST", "psql ended without an error and without the final marker")
                 : ErrorOfProcess("psql", end);
  // COMMIT is sent after the marker before it: until then the server takes all of it back.
  const bool in_transaction = !IsStepwiseOnPostgres(script) || !markers.started;
  if (in_transaction && !markers.precommit && !markers.committed) {
    verdict.state = RunState::kFailed;
    verdict.nothing_done = true;
  }
  return verdict;
}

ProbeVerdict Postgres::InterpretProbe(const TaskScript& script, const MarkerLog& markers,
                                      const ProcessEnd& end) const {
  const bool ended_well = end.exit_code == 0 && end.signal == 0;
  ProbeVerdict verdict;
  if (!markers.fact("busy").empty()) {
    verdict.state = ProbeState::kBusy;
    verdict.holder = markers.fact("holder");
    verdict.error = PlainError("LOCKED", "the lock is held by " + verdict.holder);
    return verdict;
  }
  if (!ended_well || !markers.started || !markers.committed) {
    const auto told = ReadPostgresError(end.standard_error);
    verdict.error = told ? ToTaskError(*told) : ErrorOfProcess("psql", end);
    return verdict;
  }
  JudgeProbedRow(script, markers, KindIfStepwise(script), verdict);
  return verdict;
}

}  // namespace lockstep::client
