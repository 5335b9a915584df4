#include "native/report/status.h"

#include <map>

#include "core/api/answers.h"
#include "core/base/text.h"
#include "core/view/labels.h"
#include "native/report/output.h"
#include "native/report/table.h"

namespace lockstep::report {
namespace {

using base::Printable;
using base::Shorten;
using view::DatabaseLabel;
using view::SpecLabel;
using view::StageLabel;
using view::TaskNumber;
using view::WaitingLabel;

using rollout::TaskIndex;
using rollout::TaskStatus;
using Align = Table::Align;

std::string Painted(std::string_view word, const Paint& paint) {
  if (word == "DONE") return paint.Green(word);
  if (word == "FAILED" || word == "IN_DOUBT") return paint.Red(word);
  if (word == "RUNNING") return paint.Cyan(word);
  if (word == "BLOCKED" || word == "CANCELED" || word == "SKIPPED") return paint.Yellow(word);
  return std::string(word);
}

std::string Took(const api::TaskReport& report, TaskStatus status, base::Instant now) {
  if (report.start.ms < 0) return "";
  if (status == TaskStatus::kRunning) return base::FormatDuration(now - report.start);
  return report.end.ms < 0 ? "" : base::FormatDuration(report.end - report.start);
}

std::string Note(const rollout::Scheduler& scheduler, TaskIndex task,
                 const api::TaskReport& report) {
  const bool skipped = scheduler.state().status(task) == TaskStatus::kSkipped;
  if (!report.error.message.empty() && !skipped) {
    const std::string place =
        report.error.line == 0 ? "" : "line " + std::to_string(report.error.line) + ": ";
    return Shorten(Printable(place + report.error.message), 100);
  }
  const std::string waits = WaitingLabel(scheduler.rollout(), scheduler.WaitingFor(task));
  return waits.empty() ? Shorten(Printable(report.detail), 100) : waits;
}

}  // namespace

std::string_view StatusWord(const rollout::Scheduler& scheduler, TaskIndex task) {
  const TaskStatus status = scheduler.state().status(task);
  const bool waits = status == TaskStatus::kNotStarted || status == TaskStatus::kPending;
  return waits && scheduler.WaitingFor(task).blocked ? "BLOCKED" : ToString(status);
}

std::string CountsText(const rollout::Scheduler& scheduler) {
  std::map<std::string_view, std::size_t> counts;
  for (TaskIndex task : scheduler.rollout().tasks.indices()) ++counts[StatusWord(scheduler, task)];
  std::string text;
  for (const auto& [word, count] : counts) {
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + std::string(word);
  }
  return base::Plural(scheduler.rollout().tasks.size(), "task") + ": " + text;
}

std::string StatusText(const native::StoredRollout& stored, const std::string& runners,
                       base::Instant now, bool color) {
  const Paint paint(color);
  const rollout::Rollout& rollout = stored.rollout();
  const rollout::Scheduler& scheduler = stored.scheduler();
  const std::vector<api::TaskReport> reports = api::ReportTasks(rollout, stored.events());
  Table table(
      {Align::kRight, Align::kLeft, Align::kLeft, Align::kLeft, Align::kRight, Align::kLeft});
  table.Row({"TASK", "SPEC", "DATABASE", "STATUS", "TIME", "NOTE"});
  for (rollout::StageIndex stage : rollout.stages.indices()) {
    table.Row({paint.Bold(StageLabel(rollout, stage))});
    for (TaskIndex task : rollout.stages[stage].tasks) {
      const api::TaskReport& report = reports[task.value()];
      const std::uint32_t attempt = scheduler.state().attempt(task);
      std::string note = Note(scheduler, task, report);
      if (attempt > 1)
        note = "attempt " + std::to_string(attempt) + (note.empty() ? "" : "; ") + note;
      table.Row({TaskNumber(task), SpecLabel(rollout, task), DatabaseLabel(rollout, task),
                 Painted(StatusWord(scheduler, task), paint),
                 Took(report, scheduler.state().status(task), now), note});
    }
  }
  std::string text = paint.Bold(rollout.name) + "  " +
                     Painted(ToString(scheduler.state().rollout_status()), paint) + "\n";
  if (!runners.empty()) text += runners + "\n";
  return text + "\n" + table.Text() + "\n" + CountsText(scheduler) + "\n";
}

}  // namespace lockstep::report
