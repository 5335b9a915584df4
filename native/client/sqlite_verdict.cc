// The verdicts: what the end of a sqlite3 shell, its markers and its last words mean for the task.
#include "native/client/sqlite.h"
#include "native/client/sqlite_error.h"
#include "native/client/sqlite_script.h"
#include "native/client/verdict.h"

namespace lockstep::client {
namespace {

using rollout::TaskError;

constexpr int kBusy = 5;
constexpr int kIoError = 10;

TaskError ErrorInStatement(const TaskScript& script, std::uint32_t index, const SqliteError& told) {
  TaskError error;
  error.message = told.message;
  error.code = SqliteCodeName(told.code);
  SetPlace(script, index, LocateInStatement(StatementText(script, index), told).value_or(0), error);
  return error;
}

void JudgeSqliteError(const Target& target, const TaskScript& script, const MarkerLog& markers,
                      const SqliteError& told, RunVerdict& verdict) {
  const Script made = MakeSqliteScript(script);
  // Without a line it could not even open the file.
  const ScriptSection section =
      told.line == 0 ? ScriptSection{0, ScriptPart::kSettings} : made.At(told.line);
  verdict.state = RunState::kFailed;
  verdict.nothing_done = true;
  verdict.lock_busy = told.code == kBusy;
  verdict.error = PlainError(SqliteCodeName(told.code), told.message);
  const bool stepwise = RunsWithoutTransaction(script);
  if (markers.committed || (markers.precommit && section.part != ScriptPart::kCommit)) {
    // It went on behind the error, and may have committed: only the target knows.
    verdict.state = RunState::kLost;
    verdict.nothing_done = false;
    return;
  }
  switch (section.part) {
    case ScriptPart::kMarkerRow:
      if (markers.row) JudgeOldRow(markers, verdict);
      return;
    case ScriptPart::kMustBeEmpty:
      verdict.error = DatabaseExists();
      return;
    case ScriptPart::kStatement:
      verdict.error = ErrorInStatement(script, section.statement, told);
      verdict.statements_done = section.statement;
      verdict.nothing_done = !stepwise || section.statement <= HoistedPragmas(script);
      return;
    case ScriptPart::kSameTransaction:
      verdict.state = RunState::kPartial;
      verdict.nothing_done = false;
      verdict.error =
          PlainError("TRANSACTION_ENDED", "the sheet ended the transaction of its task");
      return;
    case ScriptPart::kForeignKeys:
      verdict.error = PlainError(
          "FOREIGN_KEYS", "the sheet switched foreign keys off, and at its end rows violate them",
          "SELECT * FROM pragma_foreign_key_check names them");
      return;
    case ScriptPart::kDone:
      if (told.code == 0) {
        verdict.error =
            PlainError("MARKER_CHANGED", "the sheet changed its own row in table lockstep_history");
      }
      verdict.nothing_done = !stepwise;
      return;
    case ScriptPart::kCommit:
      // A deferred constraint or a lock: rolled back. After an I/O error only the file itself
      // knows.
      if (told.code == kIoError) verdict.state = RunState::kLost;
      verdict.nothing_done = !stepwise && told.code != kIoError;
      return;
    case ScriptPart::kSettings:
    case ScriptPart::kLock:
    case ScriptPart::kHistory:
    case ScriptPart::kRollbackable:
    case ScriptPart::kStep:
    case ScriptPart::kCreate:  // of servers only
      if (told.code == 14) verdict.error.detail = target.database;
      verdict.nothing_done = !stepwise || !markers.started;
      return;
  }
}

}  // namespace

RunVerdict Sqlite::Interpret(const Target& target, const TaskScript& script,
                             const MarkerLog& markers, const ProcessEnd& end) const {
  RunVerdict verdict;
  verdict.statements_done = markers.statements_done;
  const bool ended_well = end.exit_code == 0 && end.signal == 0;
  if (ended_well && markers.committed) {
    verdict.state = RunState::kSucceeded;
    return verdict;
  }
  auto told = ReadSqliteError(end.standard_error);
  if (told && end.signal == 0) {
    told->line = end.OwnLine(told->line);
    JudgeSqliteError(target, script, markers, *told, verdict);
    return verdict;
  }
  // A SIGINT between two statements ends the shell with exit code 0.
  verdict.error =
      ended_well ? PlainError("LOST", "sqlite3 ended without an error and without the final marker")
                 : ErrorOfProcess("sqlite3", end);
  // Before the commit was asked for, the end of the shell rolls everything back.
  const bool in_transaction = !RunsWithoutTransaction(script) || !markers.started;
  if (in_transaction && !markers.precommit && !markers.committed) {
    verdict.state = RunState::kFailed;
    verdict.nothing_done = true;
  }
  return verdict;
}

ProbeVerdict Sqlite::InterpretProbe(const TaskScript& script, const MarkerLog& markers,
                                    const ProcessEnd& end) const {
  ProbeVerdict verdict;
  const auto told = ReadSqliteError(end.standard_error);
  verdict.row = markers.row;
  if (markers.started && markers.row) {
    verdict.state = !markers.row->done_at.empty()    ? ProbeState::kCommitted
                    : RunsWithoutTransaction(script) ? ProbeState::kRepeatable
                                                     : ProbeState::kPartial;
  } else if (markers.started && markers.committed) {
    verdict.state = ProbeState::kNotApplied;
  } else if (markers.started && told &&
             told->message.find("no such table: main.lockstep_history") != std::string::npos) {
    verdict.state = ProbeState::kNotApplied;  // the first task of this database
  } else if (told && told->code == kBusy) {
    verdict.state = ProbeState::kBusy;
    verdict.error = PlainError("SQLITE_BUSY", told->message);
  } else if (told && told->code == 14 && script.type == rollout::TaskType::kDatabaseCreate) {
    verdict.state = ProbeState::kNotApplied;  // the file was not created
  } else {
    verdict.error = told ? PlainError(SqliteCodeName(told->code), told->message)
                         : ErrorOfProcess("sqlite3", end);
  }
  return verdict;
}

}  // namespace lockstep::client
