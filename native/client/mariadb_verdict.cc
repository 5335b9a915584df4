// The verdicts: what the end of the mariadb client, its markers and its last words mean for the
// task.
#include "native/client/mariadb.h"
#include "native/client/mariadb_error.h"
#include "native/client/mariadb_script.h"
#include "native/client/mariadb_step.h"
#include "native/client/verdict.h"

namespace lockstep::client {
namespace {

using rollout::TaskError;

constexpr int kNotNull = 1048;  // what a demand fails with
constexpr int kNoDatabase = 1049;
constexpr int kTwoRows = 1242;  // and one before there are tables

/// Another attempt may well succeed: lock wait timeout, deadlock, too many connections, a look at a
/// table that somebody else is changing.
bool IsWorthAnotherTry(int code) {
  return code == 1205 || code == 1684 || code == 1213 || code == 1040 || code == 1203 ||
         code == 1226;
}

/// The server may not have heard, or told, all.
bool IsConnectionLost(int code) {
  return code == 2006 || code == 2013 || code == 2055 || code == 1053 || code == 1927;
}

TaskError ToTaskError(const MariadbError& told) {
  TaskError error = PlainError(std::to_string(told.code), told.message);
  if (told.code == 1045) error.hint = "look at username and password of the instance";
  return error;
}

/// What a statement's error leaves: of a transaction nothing; what commits by itself failed as a
/// whole, unless nobody heard its end.
void JudgeStatement(const TaskScript& script, const MariadbError& told,
                    const ScriptSection& section, RunVerdict& verdict) {
  const std::size_t next = script.resume ? script.resume->next() : 0;
  verdict.statements_done = section.statement;
  verdict.committed = CommittedBefore(script, section.statement, next, MariadbStepKind);
  verdict.nothing_done = verdict.committed == 0;
  const bool statement = section.part == ScriptPart::kStatement;
  if (statement) {
    SetPlace(script, section.statement,
             LocateInStatement(StatementText(script, section.statement), told).value_or(0),
             verdict.error);
  }
  const StepKind kind = MariadbStepKind(script, section.statement);
  // DROP TABLE a, b; CALL: a part of it may be done.
  if (statement && kind == StepKind::kOpaque) verdict.nothing_done = false;
  verdict.begun_failed = statement && kind == StepKind::kVisible && !IsConnectionLost(told.code);
  if (IsConnectionLost(told.code) && !(statement && kind == StepKind::kAtomic)) {
    verdict.state = RunState::kLost;
    verdict.nothing_done = false;
  }
}

void JudgeMariadbError(const Target& target, const TaskScript& script, const MarkerLog& markers,
                       const MariadbError& told, RunVerdict& verdict) {
  verdict.state = RunState::kFailed;
  verdict.error = ToTaskError(told);
  verdict.lock_busy = IsWorthAnotherTry(told.code);
  if (told.line == 0) {  // no connection: nothing was ever sent
    verdict.nothing_done = true;
    return;
  }
  const ScriptSection section = MakeMariadbScript(script, target.database).At(told.line);
  switch (section.part) {
    case ScriptPart::kLock:
      verdict.nothing_done = true;
      if (told.code != kNotNull) return;
      verdict.lock_busy = true;
      verdict.holder = markers.fact("holder");
      verdict.error = PlainError("LOCKED", "another session works on this database with Lockstep");
      verdict.error.detail = verdict.holder;
      return;
    case ScriptPart::kMarkerRow:
      verdict.nothing_done = true;
      if (markers.row) return JudgeOldSteps(script, markers, MariadbStepKind, verdict);
      if (told.code != kNotNull) return;
      verdict.error = PlainError("CONFLICT", "another runner went on with this task meanwhile");
      verdict.lock_busy = true;
      return;
    case ScriptPart::kMustBeEmpty:
      verdict.nothing_done = true;
      if (markers.row) return JudgeOldSteps(script, markers, MariadbStepKind, verdict);
      if (told.code == kNotNull || told.code == kTwoRows) verdict.error = DatabaseExists();
      return;
    case ScriptPart::kRollbackable:
      verdict.nothing_done = !script.resume;
      if (told.code != kNotNull) return;
      verdict.error = PlainError(
          "NOT_TRANSACTIONAL",
          "the sheet changes rows of a table whose engine knows no transactions, so that nobody "
          "could say what an interruption left",
          "ALTER TABLE … ENGINE=InnoDB first, or change it by hand and skip the task");
      return;
    case ScriptPart::kStatement:
    case ScriptPart::kStep:
      return JudgeStatement(script, told, section, verdict);
    case ScriptPart::kDone:
      verdict.committed = static_cast<std::uint32_t>(StatementCount(script));
      if (told.code == kNotNull) {
        verdict.error =
            PlainError("MARKER_CHANGED", "the sheet changed its own row in table lockstep_history");
      }
      if (IsConnectionLost(told.code)) verdict.state = RunState::kLost;
      return;
    case ScriptPart::kCommit:
      verdict.state = RunState::kLost;
      return;
    default:
      verdict.nothing_done = true;
      return;
  }
}

}  // namespace

RunVerdict Mariadb::Interpret(const Target& target, const TaskScript& script,
                              const MarkerLog& markers, const ProcessEnd& end) const {
  RunVerdict verdict;
  verdict.statements_done = markers.statements_done;
  const bool ended_well = end.exit_code == 0 && end.signal == 0;
  if (ended_well && markers.committed) {
    verdict.state = RunState::kSucceeded;
    return verdict;
  }
  const auto told = ReadMariadbError(end.standard_error);
  if (told && end.signal == 0 && !ended_well && !markers.committed) {
    JudgeMariadbError(target, script, markers, *told, verdict);
    return verdict;
  }
  verdict.error = ended_well ? PlainError("LOST",
                                          "the client ended without an error and without "
                                          "the final marker")
                             : ErrorOfProcess("the client", end);
  // From the lock on a statement may be on its way, and the server does not stop with its client.
  if (!markers.started) {
    verdict.state = RunState::kFailed;
    verdict.nothing_done = true;
  }
  return verdict;
}

ProbeVerdict Mariadb::InterpretProbe(const TaskScript& script, const MarkerLog& markers,
                                     const ProcessEnd& end) const {
  ProbeVerdict verdict;
  const bool ended_well = end.exit_code == 0 && end.signal == 0;
  if (ended_well && markers.started && markers.committed) {
    JudgeProbedRow(script, markers, MariadbStepKind, verdict);
    return verdict;
  }
  const auto told = ReadMariadbError(end.standard_error);
  verdict.error = told ? ToTaskError(*told) : ErrorOfProcess("the client", end);
  if (!told || markers.started) return verdict;
  if (told->code == kNotNull) {
    verdict.state = ProbeState::kBusy;
    verdict.holder = markers.fact("holder");
  } else if (told->code == 1146 || told->code == kNoDatabase) {
    verdict.state = ProbeState::kNotApplied;  // tables come before all else
  }
  return verdict;
}

}  // namespace lockstep::client
