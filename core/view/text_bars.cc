#include "core/view/text_bars.h"

#include <algorithm>
#include <tuple>

namespace lockstep::view {

using rollout::TaskIndex;
using rollout::TaskStatus;

const Glyphs& GlyphsOf(bool ascii) {
  static constexpr Glyphs kAscii{"|", "#", "=", "-", ".", ":", "-", "+"};
  static constexpr Glyphs kUtf8{"▐", "█", "▓", "▒", "·", "│", "─", "┬"};
  return ascii ? kAscii : kUtf8;
}

char LetterOf(const sim::TaskTimeline& line) {
  if (line.waiting.blocked) return 'B';
  switch (line.status) {
    case TaskStatus::kDone:
      return 0;
    case TaskStatus::kRunning:
      return 'R';
    case TaskStatus::kFailed:
      return 'F';
    case TaskStatus::kCanceled:
      return 'C';
    case TaskStatus::kSkipped:
      return 'S';
    case TaskStatus::kInDoubt:
      return '?';
    default:
      return 'W';
  }
}

std::string_view MeaningOf(char letter) {
  switch (letter) {
    case 'B':
      return "BLOCKED";
    case 'D':
      return "DONE";
    case 'R':
      return "RUNNING";
    case 'F':
      return "FAILED";
    case 'C':
      return "CANCELED";
    case 'S':
      return "SKIPPED";
    case '?':
      return "IN_DOUBT";
    default:
      return "waits";
  }
}

Ink InkOf(const sim::TaskTimeline& line) {
  switch (LetterOf(line)) {
    case 0:
      return Ink::kGreen;
    case 'F':
    case 'B':
      return Ink::kRed;
    case 'R':
      return Ink::kCyan;
    case 'C':
    case '?':
      return Ink::kYellow;
    case 'S':
      return Ink::kMagenta;
    default:
      return Ink::kDim;
  }
}

std::vector<Bar> PlaceBars(std::vector<TaskIndex> tasks, const sim::Timeline& timeline,
                           const Times& times, std::size_t columns) {
  if (tasks.size() > columns) return {};
  std::sort(tasks.begin(), tasks.end(), [&](TaskIndex a, TaskIndex b) {
    return std::tuple(timeline.tasks[a].start, times.EndOf(a), a) <
           std::tuple(timeline.tasks[b].start, times.EndOf(b), b);
  });
  std::vector<Bar> bars;
  for (TaskIndex task : tasks) {
    const auto at = static_cast<std::size_t>(times.At(timeline.tasks[task].start));
    bars.push_back({task, bars.empty() ? at : std::max(at, bars.back().from + 1), 0});
  }
  // What was moved over the border moves back, and what stands in its way with it.
  std::size_t border = columns;
  for (auto bar = bars.rbegin(); bar != bars.rend(); ++bar) {
    bar->from = std::min(bar->from, border - 1);
    const auto end = static_cast<std::size_t>(times.At(times.EndOf(bar->task)));
    bar->to = std::clamp(end, bar->from + 1, border);
    border = bar->from;
  }
  return bars;
}

}  // namespace lockstep::view
