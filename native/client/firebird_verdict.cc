// The verdicts: what the end of isql, its markers and its last words mean for the task.
#include "native/client/firebird.h"
#include "native/client/firebird_error.h"
#include "native/client/firebird_script.h"
#include "native/client/verdict.h"

namespace lockstep::client {
namespace {

using rollout::TaskError;

constexpr std::string_view kDivision = "22012";  // what a demand fails with

/// Another attempt may well succeed: a lock's timeout or a conflict; an object that is in use, or
/// that somebody else has just made.
bool IsWorthAnotherTry(const FirebirdError& told) {
  return told.sqlstate == "40001" || told.sqlstate == "42S01" ||
         told.message.find("is in use") != std::string::npos;
}

void JudgeFirebirdError(const TaskScript& script, const MarkerLog& markers,
                        const FirebirdError& told, RunVerdict& verdict) {
  verdict.state = RunState::kFailed;
  verdict.error = PlainError(told.sqlstate, told.message);
  verdict.nothing_done = true;
  if (told.line == 0) return;  // no connection
  const ScriptSection section = MakeFirebirdScript(script).At(told.line);
  // A table of the sheet's own that exists will go on existing.
  verdict.lock_busy = IsWorthAnotherTry(told) &&
                      !(section.part == ScriptPart::kStatement && told.sqlstate == "42S01");
  const bool lost = told.sqlstate.starts_with("08");
  switch (section.part) {
    case ScriptPart::kMarkerRow:
      if (told.sqlstate != kDivision) return;
      if (markers.row) return JudgeOldSteps(script, markers, FirebirdStepKind, verdict);
      verdict.error = PlainError("CONFLICT", "another runner went on with this task meanwhile");
      verdict.lock_busy = true;
      return;
    case ScriptPart::kStatement:
    case ScriptPart::kStep:
      verdict.statements_done = section.statement;
      verdict.committed = CommittedBefore(
          script, section.statement, script.resume ? script.resume->next() : 0, FirebirdStepKind);
      verdict.nothing_done = verdict.committed == 0;
      if (section.part == ScriptPart::kStatement) {
        SetPlace(script, section.statement,
                 LocateInStatement(StatementText(script, section.statement), told).value_or(0),
                 verdict.error);
      } else if (lost) {
        verdict.state = RunState::kLost;
      } else if (told.sqlstate == kDivision) {
        verdict.error = PlainError("CONFLICT", "another runner went on with this task meanwhile");
        verdict.lock_busy = true;
      }
      return;
    case ScriptPart::kDone:
    case ScriptPart::kCommit:
      verdict.committed = static_cast<std::uint32_t>(StatementCount(script));
      verdict.nothing_done = false;
      if (lost) verdict.state = RunState::kLost;
      return;
    default:
      return;
  }
}

}  // namespace

RunVerdict Firebird::Interpret(const Target& /*target*/, const TaskScript& script,
                               const MarkerLog& markers, const ProcessEnd& end) const {
  RunVerdict verdict;
  verdict.statements_done = markers.statements_done;
  const bool ended_well = end.exit_code == 0 && end.signal == 0;
  if (ended_well && markers.committed) {
    verdict.state = RunState::kSucceeded;
    return verdict;
  }
  const auto told = ReadFirebirdError(end.standard_error);
  if (told && end.signal == 0 && !ended_well && !markers.committed) {
    JudgeFirebirdError(script, markers, *told, verdict);
    return verdict;
  }
  verdict.error = ended_well ? PlainError("LOST",
                                          "isql ended without an error and without the "
                                          "final marker")
                             : ErrorOfProcess("isql", end);
  if (!markers.started) {
    verdict.state = RunState::kFailed;
    verdict.nothing_done = true;
  }
  return verdict;
}

ProbeVerdict Firebird::InterpretProbe(const TaskScript& script, const MarkerLog& markers,
                                      const ProcessEnd& end) const {
  ProbeVerdict verdict;
  if (end.exit_code == 0 && end.signal == 0 && markers.started && markers.committed) {
    JudgeProbedRow(script, markers, FirebirdStepKind, verdict);
    return verdict;
  }
  const auto told = ReadFirebirdError(end.standard_error);
  verdict.error = told ? PlainError(told->sqlstate, told->message) : ErrorOfProcess("isql", end);
  if (!told || markers.started) return verdict;
  if (IsWorthAnotherTry(*told)) {
    verdict.state = ProbeState::kBusy;
  } else if (told->sqlstate == "42S02") {
    verdict.state = ProbeState::kNotApplied;  // tables come before all else
  }
  return verdict;
}

}  // namespace lockstep::client
