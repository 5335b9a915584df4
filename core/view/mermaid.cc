#include "core/view/mermaid.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/base/utf8.h"
#include "core/view/drawing.h"
#include "core/view/labels.h"
#include "core/view/task_look.h"
#include "core/view/times.h"

namespace lockstep::view {
namespace {

using rollout::Rollout;
using rollout::StageIndex;
using rollout::TaskIndex;
using rollout::TaskStatus;

constexpr std::int64_t kMostTicks = 8;
constexpr std::size_t kWidestSection = 24, kPixelsOfColumn = 8;

/// Stands left of its bars, so it is short.
std::string SectionLabel(const Rollout& rollout, StageIndex index) {
  const rollout::Stage& stage = rollout.stages[index];
  const std::string& name = stage.title.empty() ? stage.environment : stage.title;
  return base::Shorten(std::to_string(index.value() + 1) + (name.empty() ? "" : " " + name),
                       kWidestSection);
}

/// Ticks of the axis by its step: Mermaid would write the same second several times.
void WriteAxis(base::Duration makespan, std::string& out) {
  struct Unit {
    std::int64_t ms;
    const char *name, *format;
  };
  constexpr Unit kUnits[] = {{86'400'000, "day", "%Y-%m-%d"},
                             {3'600'000, "hour", "%m-%d %H:%M"},
                             {60'000, "minute", "%H:%M"},
                             {1'000, "second", "%H:%M:%S"},
                             {1, "millisecond", "%M:%S.%L"}};
  const std::int64_t step = StepOfAxis({(makespan.ms + kMostTicks - 1) / kMostTicks}).ms;
  for (const Unit& unit : kUnits) {
    if (step % unit.ms != 0) continue;
    out.append("    axisFormat ").append(unit.format).append("\n    tickInterval ");
    out.append(std::to_string(step / unit.ms)).append(unit.name).append("\n");
    return;
  }
}

class Gantt {
 public:
  Gantt(const Rollout& rollout, const sim::Timeline& timeline)
      : rollout_(rollout),
        timeline_(timeline),
        critical_(timeline.CriticalTasks()),
        shown_(rollout.tasks.size(), false) {}

  std::string Write(std::size_t most) {
    Choose(most);
    WriteHead();
    for (StageIndex stage : rollout_.stages.indices()) {
      bool open = false;  // a section without a task would be an empty one
      for (TaskIndex task : rollout_.stages[stage].tasks) {
        if (!shown_[task]) continue;
        if (!open) out_ += "    section " + EscapeMermaid(SectionLabel(rollout_, stage)) + "\n";
        open = true;
        WriteTask(task);
      }
    }
    return std::move(out_);
  }

 private:
  void Choose(std::size_t most) {
    left_out_ = rollout_.tasks.size() - std::min(most, rollout_.tasks.size());
    for (int wanted = kHighestMerit; wanted >= 0; --wanted) {
      for (TaskIndex task : rollout_.tasks.indices()) {
        if (most == 0) return;
        if (Merit(timeline_.tasks[task], critical_[task]) != wanted) continue;
        shown_[task] = true;
        --most;
      }
    }
  }

  void WriteHead() {
    std::size_t widest = 0;
    for (StageIndex stage : rollout_.stages.indices()) {
      widest = std::max(widest, base::DisplayWidth(SectionLabel(rollout_, stage)));
    }
    out_ =
        "%%{init: {\"gantt\": {\"leftPadding\": " + std::to_string((widest + 2) * kPixelsOfColumn) +
        "}}}%%\ngantt\n    title ";
    if (!rollout_.title.empty()) out_ += EscapeMermaid(rollout_.title) + " – ";
    out_ += EscapeMermaid(Caption(rollout_, timeline_));
    if (left_out_ > 0) out_ += ", without " + base::Plural(left_out_, "other task");
    out_ += "\n    dateFormat x\n";
    WriteAxis(timeline_.end - timeline_.start, out_);
    out_ += "    todayMarker off\n";
  }

  /// The number stands first, so that no name can be taken for a keyword.
  void WriteTask(TaskIndex task) {
    const sim::TaskTimeline& line = timeline_.tasks[task];
    const bool ran = line.start.ms >= 0;
    const base::Instant start = ran ? line.start : timeline_.end;
    const base::Instant end = !ran || line.end.ms < 0 ? timeline_.end : line.end;
    out_ += "    " + TaskNumber(task) + " " + EscapeMermaid(SpecLabel(rollout_, task)) + " on " +
            EscapeMermaid(DatabaseLabel(rollout_, task));
    if (line.status != TaskStatus::kDone || !ran) out_ += " " + EscapeMermaid(StateText(line));
    out_ += " :";
    if (critical_[task]) out_ += "crit, ";
    if (line.status == TaskStatus::kDone || line.status == TaskStatus::kSkipped) out_ += "done, ";
    if (line.status == TaskStatus::kRunning) out_ += "active, ";
    if (start == end) out_ += "milestone, ";
    out_ += "t" + TaskNumber(task) + ", " + std::to_string(start.ms) + ", " +
            std::to_string(end.ms) + "\n";
  }

  static std::string StateText(const sim::TaskTimeline& line) {
    const std::string state(line.waiting.blocked ? "BLOCKED" : rollout::ToString(line.status));
    return line.start.ms < 0 ? state + " (never ran)" : state;
  }

  const Rollout& rollout_;
  const sim::Timeline& timeline_;
  const base::IndexVector<TaskIndex, bool> critical_;
  base::IndexVector<TaskIndex, bool> shown_;
  std::size_t left_out_ = 0;
  std::string out_;
};

}  // namespace

std::string EscapeMermaid(std::string_view text) {
  constexpr std::string_view kSpecial = "#:;%{}<>&\"`";
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto [value, length] = base::DecodeUtf8(text, at);
    const char c = text[at];
    if (c == '\n' || c == '\r' || c == '\t') {
      out += ' ';
    } else if (length == 0 || base::IsHarmful(value)) {
      out += "\xef\xbf\xbd";  // U+FFFD
    } else if (length == 1 && kSpecial.find(c) != std::string_view::npos) {
      out += "#" + std::to_string(static_cast<int>(c)) + ";";
    } else {
      out.append(text, at, length);
    }
    at += length == 0 ? 1 : length;
  }
  return out;
}

std::string Mermaid(const Rollout& rollout, const sim::Timeline& timeline, std::uint32_t tasks) {
  return Gantt(rollout, timeline).Write(tasks);
}

}  // namespace lockstep::view
