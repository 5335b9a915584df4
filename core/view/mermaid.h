// Mermaid: a rollout as a gantt diagram of Mermaid, for Markdown: a section for each stage, a line
// for each task, `crit` for the critical path.
#pragma once

#include <string>
#include <string_view>

#include "core/sim/simulator.h"

namespace lockstep::view {

/// Text of a plan within a diagram: whatever ends a name, begins a comment, a directive or markup
/// becomes one of Mermaid's entities ("#58;" is a colon), line ends and tabs a blank.
std::string EscapeMermaid(std::string_view text);

/// At most `tasks` of them, those that did not end well and the critical path first; Mermaid itself
/// takes texts of 50,000 characters, about 500 tasks.
std::string Mermaid(const rollout::Rollout& rollout, const sim::Timeline& timeline,
                    std::uint32_t tasks);

}  // namespace lockstep::view
