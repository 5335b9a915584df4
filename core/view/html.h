// Html: a rollout as one page that needs nothing else: both drawings, and all of it once more as a
// table, for screen readers and for searching. No script, no request.
#pragma once

#include <string>

#include "core/view/drawing.h"

namespace lockstep::view {

/// `options.view` is the drawing that comes first.
std::string HtmlPage(const rollout::Rollout& rollout, const sim::Timeline& timeline,
                     const DrawingOptions& options);

}  // namespace lockstep::view
