// The two drawings, each in its file; Draw (drawing.h) puts a document around them.
#pragma once

#include <string>

#include "core/sim/simulator.h"
#include "core/view/svg.h"

namespace lockstep::view {

constexpr Tenths kMargin = Px(8);

struct Canvas {
  std::string attributes;  ///< of the svg element, beside those of every drawing
  Tenths width = 0, height = 0;
  std::string content;
};

Canvas DrawLanes(const rollout::Rollout& rollout, const sim::Timeline& timeline, int width);
Canvas DrawGraph(const rollout::Rollout& rollout, const sim::Timeline& timeline);

}  // namespace lockstep::view
