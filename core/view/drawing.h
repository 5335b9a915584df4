// Drawing: a rollout and its timeline as an SVG document: the same bytes from the command line, in
// Node and in a page. Pages take the elements by their classes and data attributes:
//   g.task[data-task]      a task, by its index; further classes: its status in lower case,
//   critical,
//                          blocked
//   g.group[data-group]    what one spec became in one stage; data-task is its first task
//   g.edge[data-from][data-to]   a dependency between groups
// and svg.lanes has data-left, data-right and data-makespan: where the times 0 and that one lie.
#pragma once

#include <string>
#include <string_view>

#include "core/sim/simulator.h"

namespace lockstep::view {

enum class View {
  kLanes,  ///< time from left to right, a lane for each database
  kGraph,  ///< stages and dependencies, a node for each spec of a stage
};
std::string_view ToString(View view);  ///< "lanes", "graph"

constexpr int kSmallestWidth = 280;
constexpr int kLargestWidth = 1'000'000;

struct DrawingOptions {
  View view = View::kLanes;
  /// Pixels, of lanes alone; a graph is as wide as it is.
  int width = 960;
  /// Without it, for a page that has the style already.
  bool with_style = true;
};

/// A whole document. REQUIRES a width from kSmallestWidth to kLargestWidth.
std::string Draw(const rollout::Rollout& rollout, const sim::Timeline& timeline,
                 const DrawingOptions& options);

/// "12 tasks in 2 stages on 3 databases, ends DONE after 4 s": what a drawing is called before
/// those who do not see it.
std::string Caption(const rollout::Rollout& rollout, const sim::Timeline& timeline);

/// CSS of drawings. Light and dark by `color-scheme`.
std::string_view Style();

}  // namespace lockstep::view
