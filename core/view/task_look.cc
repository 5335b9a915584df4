#include "core/view/task_look.h"

#include "core/base/text.h"
#include "core/view/labels.h"

namespace lockstep::view {

using rollout::Rollout;
using rollout::TaskIndex;
using rollout::TaskStatus;

std::string EndText(const sim::Timeline& timeline) {
  return std::string(rollout::ToString(timeline.status)) + " after " +
         base::FormatDuration(timeline.makespan());
}

std::string StatusClasses(const sim::TaskTimeline& line) {
  return base::ToLowerAscii(rollout::ToString(line.status)) +
         (line.waiting.blocked ? " blocked" : "");
}

std::string_view Mark(const sim::TaskTimeline& line) {
  if (line.waiting.blocked) return "!";
  switch (line.status) {
    case TaskStatus::kFailed:
      return "×";
    case TaskStatus::kCanceled:
      return "¬";
    case TaskStatus::kSkipped:
      return "»";
    case TaskStatus::kInDoubt:
      return "?";
    default:
      return "";
  }
}

int Merit(const sim::TaskTimeline& line, bool critical) {
  if (line.status == TaskStatus::kDone) return critical ? 1 : 0;
  return line.start.ms >= 0 ? kHighestMerit : kMeritOfTrouble;
}

std::string StatusText(const Rollout& rollout, const sim::Timeline& timeline, TaskIndex task) {
  const sim::TaskTimeline& line = timeline.tasks[task];
  const std::string waiting = WaitingLabel(rollout, line.waiting);
  if (line.waiting.blocked) return "BLOCKED" + waiting.substr(std::string_view("blocked").size());
  std::string text(rollout::ToString(line.status));
  const auto offset = [&](base::Instant time) {
    return base::FormatDuration(time - timeline.start);
  };
  if (line.start.ms >= 0) {
    text += ", " + (line.end.ms >= 0 ? offset(line.start) + " to " + offset(line.end)
                                     : "since " + offset(line.start));
  }
  if (line.attempts > 1) text += ", " + base::Plural(line.attempts, "attempt");
  if (!waiting.empty()) text += ": " + waiting;
  return text;
}

std::string WaitsText(const Rollout& rollout,
                      std::span<const std::pair<TaskIndex, sim::Wait>> waits) {
  std::string text;
  for (const auto& [task, wait] : waits) {
    if (wait.to == wait.from) continue;
    text += (text.empty() ? "" : ", ") + base::FormatDuration(wait.to - wait.from) + " " +
            WaitingLabel(rollout, {wait.cause, wait.by, wait.to, false});
  }
  return text;
}

std::string Fit(std::string_view text, std::int64_t pixels) {
  constexpr std::int64_t kColumn = 7;  // 12 px of a common sans-serif, rather too wide
  if (pixels < 3 * kColumn) return "";
  return base::Shorten(text, static_cast<std::size_t>(pixels / kColumn));
}

}  // namespace lockstep::view
