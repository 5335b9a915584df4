#include <algorithm>
#include <array>

#include "core/api/plan_diff_answers.h"
#include "core/base/text.h"
#include "core/view/labels.h"
#include "core/view/task_look.h"

namespace lockstep::api {
namespace {

using rollout::TaskIndex;

constexpr std::size_t kMostLines = 20;  // of tasks; JSON has them all
constexpr std::size_t kPathEnds = 8;    // tasks of a critical path, from its beginning and end

std::string Painted(const char* code, std::string_view text, bool color) {
  return color ? "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m"
               : std::string(text);
}

// ---- changes ----

std::string PlaceText(const PlanSide& of, const diagnostics::Place& place) {
  const diagnostics::Source& source = of.workspace.sources()[place.source];
  const std::uint32_t line = source.PositionOf(place.span.begin).line + 1;
  const std::uint32_t column = source.CodePointColumnOf(place.span.begin) + 1;
  return base::Printable(source.name()) + ":" + std::to_string(line) + ":" + std::to_string(column);
}

std::string ChangeLine(const Change& change, const PlanSide& a, const PlanSide& b, bool color) {
  const How how = change.how();
  const char* const code = how == How::kAdded ? "32" : how == How::kRemoved ? "31" : "33";
  const char* const mark = how == How::kAdded ? "+" : how == How::kRemoved ? "-" : "~";
  std::string line = Painted(code, mark, color) + " ";
  line += change.b ? PlaceText(b, change.b->place) : PlaceText(a, change.a->place);
  line += ": " + MessageOf(change);
  if (change.a && change.b) line += " (" + PlaceText(a, change.a->place) + ")";
  return line + "\n";
}

// ---- the schedule ----

using Row = std::array<std::string, 6>;

/// Columns as wide as their widest cell; numbers and times to the right.
std::string TableText(const std::vector<Row>& rows) {
  constexpr bool kToTheRight[] = {true, false, false, true, true, false};
  std::array<std::size_t, 6> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], base::DisplayWidth(row[i]));
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string padding(widths[i] - base::DisplayWidth(row[i]), ' ');
      line += i > 0 ? "  " : "";
      line += kToTheRight[i] ? padding + row[i] : row[i] + padding;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string StartText(const PlanSide& of, TaskIndex task) {
  if (!task.valid()) return "-";
  const base::Instant start = of.timeline.tasks[task].start;
  return start.ms < 0 ? "never" : base::FormatDuration(start - of.timeline.start);
}

std::string ShiftText(const TaskChange& change, const PlanSide& a, const PlanSide& b) {
  const auto by = [&] {
    const base::Duration moved =
        b.timeline.tasks[change.b].start - a.timeline.tasks[change.a].start;
    return base::FormatDuration({moved.ms < 0 ? -moved.ms : moved.ms});
  };
  switch (change.shift) {
    case TaskShift::kAppears:
      return "new";
    case TaskShift::kDisappears:
      return "gone";
    case TaskShift::kEarlier:
      return by() + " earlier";
    case TaskShift::kLater:
      return by() + " later";
    case TaskShift::kStarts:
      return "starts now";
    case TaskShift::kStartsNever:
      return "does not start any more";
  }
  return "";
}

std::string AndMore(std::size_t count, std::string_view what) {
  return count <= kMostLines
             ? ""
             : "and " + base::Plural(count - kMostLines, "more " + std::string(what)) + "\n";
}

std::string TasksText(const PlanDiff& diff, const PlanSide& a, const PlanSide& b) {
  const std::vector<TaskChange>& changes = diff.schedule.tasks;
  if (changes.empty()) return "";
  std::vector<Row> rows = {{"TASK", "SPEC", "DATABASE", "WAS", "START", ""}};
  for (std::size_t i = 0; i < std::min(changes.size(), kMostLines); ++i) {
    const TaskChange& change = changes[i];
    const PlanSide& of = change.b.valid() ? b : a;
    const TaskIndex task = change.b.valid() ? change.b : change.a;
    rows.push_back({change.b.valid() ? view::TaskNumber(task) : "-",
                    view::SpecLabel(of.rollout, task), view::DatabaseLabel(of.rollout, task),
                    StartText(a, change.a), StartText(b, change.b), ShiftText(change, a, b)});
  }
  return "\n" + TableText(rows) + AndMore(changes.size(), "task");
}

std::string TurnsText(const PlanDiff& diff, const PlanSide& a, const PlanSide& b) {
  const std::vector<TurnChange>& turns = diff.schedule.turns;
  if (turns.empty()) return "";
  const auto place = [](const rollout::Rollout& rollout, TaskIndex before) {
    return before.valid() ? "after " + view::SpecLabel(rollout, before) : std::string("first");
  };
  std::string text = "\n";
  for (std::size_t i = 0; i < std::min(turns.size(), kMostLines); ++i) {
    const TurnChange& turn = turns[i];
    text += "on " + view::DatabaseLabel(b.rollout, turn.b) + ": " +
            view::SpecLabel(b.rollout, turn.b) + " runs " + place(b.rollout, turn.before_b) +
            ", was " + place(a.rollout, turn.before_a) + "\n";
  }
  return text + AndMore(turns.size(), "turn");
}

std::string PathText(const PlanSide& of) {
  const std::vector<TaskIndex>& path = of.timeline.critical_path;
  std::vector<std::string> numbers;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path.size() > 2 * kPathEnds && i == kPathEnds) {
      numbers.push_back("…");
      i = path.size() - kPathEnds;
    }
    numbers.push_back(view::TaskNumber(path[i]));
  }
  return numbers.empty() ? "none" : base::Join(numbers, " > ");
}

/// What is now and what was, where they differ.
std::string NowAndBefore(std::string_view name, const std::string& before,
                         const std::string& after) {
  return std::string(name) + after + (before == after ? ", as before" : ", was " + before) + "\n";
}

std::string ScheduleText(const PlanDiff& diff, const PlanSide& a, const PlanSide& b) {
  std::string text = TasksText(diff, a, b) + TurnsText(diff, a, b) + "\n";
  text += NowAndBefore("", view::SizeText(a.rollout), view::SizeText(b.rollout));
  text += NowAndBefore("ends ", view::EndText(a.timeline), view::EndText(b.timeline));
  if (diff.schedule.critical_path_differs)
    text += "critical path: " + PathText(b) + ", was " + PathText(a) + "\n";
  text += "digest " + b.rollout.digest;
  return text + (diff.same_digest ? ", as before\n" : "\nwas    " + a.rollout.digest + "\n");
}

}  // namespace

std::string PlanDiffText(const PlanDiff& diff, const PlanSide& a, const PlanSide& b, bool color) {
  const auto name = [](const PlanSide& of) {
    const Workspace& workspace = of.workspace;
    return base::Printable(workspace.sources()[workspace.plan()->source].name());
  };
  std::string text = name(a) + " -> " + name(b) + ": ";
  text += diff.changes.empty() ? "no changes" : base::Plural(diff.changes.size(), "change");
  text += "\n";
  for (const Change& change : diff.changes) text += ChangeLine(change, a, b, color);
  if (diff.sheets_by_name_alone)
    text += "sheets were compared by name alone: not both plans have theirs at hand\n";
  return text + ScheduleText(diff, a, b);
}

}  // namespace lockstep::api
