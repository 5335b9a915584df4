#include "native/report/schedule.h"

#include <map>

#include "core/base/text.h"
#include "core/view/labels.h"
#include "core/view/task_look.h"
#include "native/report/output.h"
#include "native/report/table.h"

namespace lockstep::report {
namespace {

using view::DatabaseLabel;
using view::SpecLabel;
using view::StageLabel;
using view::TaskNumber;
using view::WaitingLabel;

using base::Instant;
using rollout::Rollout;
using rollout::TaskIndex;
using rollout::WaitingCause;
using Align = Table::Align;

std::string Offset(Instant time, Instant start) {
  return time.ms < 0 ? "-" : base::FormatDuration(time - start);
}

std::string LastColumn(const Rollout& rollout, const sim::TaskTimeline& line, std::string waits,
                       const Paint& paint) {
  std::string note;
  if (line.status != rollout::TaskStatus::kDone) {
    note =
        paint.Red(std::string(line.waiting.blocked ? "BLOCKED" : rollout::ToString(line.status)));
    const std::string why = WaitingLabel(rollout, line.waiting);
    if (!why.empty()) note += ": " + why;
  }
  if (line.attempts > 1)
    note += (note.empty() ? "" : ", ") + base::Plural(line.attempts, "attempt");
  if (!note.empty() && !waits.empty()) note += "; waits ";
  return note + waits;
}

}  // namespace

std::string ScheduleText(const Rollout& rollout, const sim::Timeline& timeline, bool color) {
  const Paint paint(color);
  Table table(
      {Align::kRight, Align::kLeft, Align::kLeft, Align::kRight, Align::kRight, Align::kLeft});
  table.Row({"TASK", "SPEC", "DATABASE", "START", "END", "WAITS"});
  std::span<const std::pair<TaskIndex, sim::Wait>> waits = timeline.waits;
  for (rollout::StageIndex stage : rollout.stages.indices()) {
    table.Row({paint.Bold(StageLabel(rollout, stage))});
    for (TaskIndex task : rollout.stages[stage].tasks) {
      std::size_t count = 0;
      while (count < waits.size() && waits[count].first == task) ++count;
      const sim::TaskTimeline& line = timeline.tasks[task];
      table.Row({TaskNumber(task), SpecLabel(rollout, task), DatabaseLabel(rollout, task),
                 Offset(line.start, timeline.start), Offset(line.end, timeline.start),
                 LastColumn(rollout, line, view::WaitsText(rollout, waits.first(count)), paint)});
      waits = waits.subspan(count);
    }
  }
  std::string text = table.Text();
  std::vector<std::string> path;
  for (TaskIndex task : timeline.critical_path) path.push_back(TaskNumber(task));
  text +=
      "\n" + view::SizeText(rollout) + ", starting " + base::FormatInstant(timeline.start) + "\n";
  text += "ends " + view::EndText(timeline);
  if (!path.empty()) text += "; critical path: " + base::Join(path, " > ");
  return text + "\ndigest " + rollout.digest + "\n";
}

}  // namespace lockstep::report
