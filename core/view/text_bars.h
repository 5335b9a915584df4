// TextBars: the tasks of one row of text lanes. Each gets a column at least, also what lasted no
// time at all.
#pragma once

#include <string_view>
#include <vector>

#include "core/view/text_line.h"
#include "core/view/times.h"

namespace lockstep::view {

struct Glyphs {
  std::string_view edge, done, running, other;  ///< of bars, by what became of the task
  std::string_view wait, boundary, axis, tick;
};
const Glyphs& GlyphsOf(bool ascii);

/// The letter of a task that is not simply DONE, else 0.
char LetterOf(const sim::TaskTimeline& line);
std::string_view MeaningOf(char letter);  ///< "FAILED"
Ink InkOf(const sim::TaskTimeline& line);

struct Bar {
  rollout::TaskIndex task;
  std::size_t from = 0, to = 0;  ///< columns of the times
};

/// Bars where `tasks` lie, moved as little as gives each a column of its own; empty when there are
/// fewer columns than tasks. REQUIRES: tasks that ran, none at the same time as another.
std::vector<Bar> PlaceBars(std::vector<rollout::TaskIndex> tasks, const sim::Timeline& timeline,
                           const Times& times, std::size_t columns);

}  // namespace lockstep::view
