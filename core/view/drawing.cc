#include "core/view/drawing.h"

#include "core/base/check.h"
#include "core/view/draw.h"
#include "core/view/labels.h"
#include "core/view/task_look.h"

namespace lockstep::view {

using rollout::Rollout;

std::string Caption(const Rollout& rollout, const sim::Timeline& timeline) {
  return SizeText(rollout) + ", ends " + EndText(timeline);
}

std::string Draw(const Rollout& rollout, const sim::Timeline& timeline,
                 const DrawingOptions& options) {
  LOCKSTEP_CHECK(options.width >= kSmallestWidth && options.width <= kLargestWidth,
                 "a drawing has a width within its bounds");
  const Canvas canvas = options.view == View::kLanes ? DrawLanes(rollout, timeline, options.width)
                                                     : DrawGraph(rollout, timeline);
  const std::string width = Number(canvas.width), height = Number(canvas.height);
  std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"rollout ";
  svg.append(ToString(options.view)).append("\" width=\"").append(width);
  svg.append("\" height=\"").append(height).append("\" viewBox=\"0 0 ").append(width);
  svg.append(" ").append(height).append("\" role=\"img\" aria-label=\"");
  if (!rollout.title.empty()) svg.append(Escape(rollout.title)).append(": ");
  svg.append(Caption(rollout, timeline)).append("\"").append(canvas.attributes).append(">\n");
  if (options.with_style) svg.append("<style>").append(Style()).append("</style>\n");
  svg.append(canvas.content);
  return svg.append("</svg>\n");
}

}  // namespace lockstep::view
