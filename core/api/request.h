// Request: a message from outside, read into what a Workspace takes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/api/message.h"
#include "core/api/workspace.h"
#include "core/base/result.h"
#include "core/migrations/migrations.h"
#include "core/rollout/pace.h"
#include "core/sim/observation_table.h"
#include "core/view/format.h"

namespace lockstep::api {

struct Request {
  Inputs inputs;
  Options options;
  rollout::Pace pace;
  std::string events;                               ///< NDJSON
  std::optional<std::vector<sim::TableRow>> table;  ///< learn: of durations
  view::FormatOptions drawing;
  std::optional<diagnostics::Source> sheet;  ///< by itself, without a plan
  std::string engine;                        ///< of that sheet, or of an import's targets
  std::optional<plan::Form> to;              ///< convert: nothing is the other form
  bool explain = false;                      ///< study
  std::uint32_t runs = 0;                    ///< study: of a forecast
  std::string window;                        ///< study: that the rollout has to fit into
  bool merge = false;                        ///< convert
  migrations::Options import_options;        ///< without the engine
  std::vector<std::pair<std::string, std::string>> files;  ///< import: paths and texts
  std::optional<Inputs> other;  ///< a second plan, to be compared; its scenario is
                                ///< that of `inputs`
};

/// kInvalidArgument names the first member that is wrong. `required`: the member that there must
/// be, "plan", "sheet" or "tool".
base::Result<Request> ReadRequest(Message message, std::string_view required);

}  // namespace lockstep::api
