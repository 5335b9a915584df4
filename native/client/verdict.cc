#include "native/client/verdict.h"

#include <charconv>

#include "core/base/text.h"
#include "native/client/script.h"
#include "native/client/sheet_place.h"

namespace lockstep::client {
namespace {

using rollout::TaskError;

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  return text;
}

/// A sheet that was begun under another name: its steps are kept with that one.
std::optional<TaskError> WhyNotResumable(const TaskScript& script, const MarkerLog& markers) {
  if (!markers.row || markers.row->task == script.task_key) return std::nullopt;
  return PlainError("PARTIAL",
                    "the sheet was begun as " + base::Quote(markers.row->sheet) + " by " +
                        markers.row->run + " and did not end",
                    "give it that name again and run it, so that it goes on where it stopped");
}

void JudgeSteps(const StepsVerdict& steps, RunVerdict& verdict) {
  verdict.resume = steps.resume;
  if (steps.in_doubt) {
    verdict.state = RunState::kPartial;
    verdict.error = *steps.in_doubt;
  } else {
    verdict.state = RunState::kResumable;
  }
}

}  // namespace

TaskError PlainError(std::string code, std::string message, std::string hint) {
  TaskError error;
  error.code = std::move(code);
  error.message = std::move(message);
  error.hint = std::move(hint);
  return error;
}

TaskError ErrorOfProcess(std::string_view program, const ProcessEnd& end) {
  TaskError error;
  if (end.signal != 0) {
    error.code = "KILLED";
    error.message = std::string(program) + " was ended by signal " + std::to_string(end.signal);
  } else {
    error.code = "CLIENT";
    error.message = std::string(program) + " ended with exit code " + std::to_string(end.exit_code);
  }
  const std::string_view said = Trimmed(end.standard_error);
  if (!said.empty()) error.detail = said.substr(said.size() > 1000 ? said.size() - 1000 : 0);
  return error;
}

void SetPlace(const TaskScript& script, std::size_t statement, std::size_t offset,
              TaskError& error) {
  error.statement = static_cast<std::uint32_t>(statement + 1);
  const SheetPlace place =
      PlaceInSheet(script.sheet, script.split->statements[statement].span.begin + offset);
  error.line = place.line;
  error.column = place.column;
}

void JudgeOldRow(const MarkerLog& markers, RunVerdict& verdict) {
  verdict.row = markers.row;
  verdict.nothing_done = true;
  if (markers.row && !markers.row->done_at.empty()) {
    verdict.state = RunState::kAlreadyApplied;
    verdict.error = PlainError("ALREADY_APPLIED",
                               "the database has this task already, since " + markers.row->done_at);
  } else {
    verdict.state = RunState::kPartial;
    verdict.error = PlainError("PARTIAL", "an earlier run of this task began and did not end",
                               "look at the database, then at table lockstep_history; delete the "
                               "task's row to run it again");
  }
}

void JudgeOldSteps(const TaskScript& script, const MarkerLog& markers, KindOfStatement kind,
                   RunVerdict& verdict) {
  JudgeOldRow(markers, verdict);
  if (verdict.state != RunState::kPartial || kind == nullptr) return;
  if (auto why = WhyNotResumable(script, markers)) {
    verdict.error = std::move(*why);
    return;
  }
  JudgeSteps(DecideSteps(script, markers, kind), verdict);
}

void JudgeProbedRow(const TaskScript& script, const MarkerLog& markers, KindOfStatement kind,
                    ProbeVerdict& verdict) {
  verdict.row = markers.row;
  if (!markers.row) {
    verdict.state = ProbeState::kNotApplied;
  } else if (!markers.row->done_at.empty()) {
    verdict.state = ProbeState::kCommitted;
  } else if (kind == nullptr) {
    verdict.state = ProbeState::kPartial;
  } else if (auto why = WhyNotResumable(script, markers)) {
    verdict.state = ProbeState::kPartial;
    verdict.error = std::move(*why);
  } else {
    const StepsVerdict steps = DecideSteps(script, markers, kind);
    verdict.resume = steps.resume;
    verdict.state = steps.in_doubt ? ProbeState::kPartial : ProbeState::kResumable;
    if (steps.in_doubt) verdict.error = *steps.in_doubt;
  }
}

std::uint32_t CommittedBefore(const TaskScript& script, std::uint32_t index, std::size_t next,
                              KindOfStatement kind) {
  auto committed = static_cast<std::uint32_t>(next);
  for (const Step& step : StepsFrom(script, next, kind)) {
    if (step.last > index) break;
    if (step.kind != StepKind::kSession) committed = std::max(committed, step.last);
  }
  return committed;
}

TaskError DatabaseExists() {
  return PlainError("DATABASE_EXISTS",
                    "the database is there already, and is not empty or not what would be made",
                    "take the spec out of the plan, or skip the task");
}

std::vector<int> VersionNumbers(std::string_view text) {
  std::vector<int> numbers;
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  for (;;) {
    int number = 0;
    const auto [next, failed] = std::from_chars(at, end, number);
    if (failed != std::errc()) return numbers;
    numbers.push_back(number);
    if (next == end || *next != '.') return numbers;
    at = next + 1;
  }
}

}  // namespace lockstep::client
