// RolloutAnswer: a rollout of the ledger as a message, with what the ledger knows beside its
// events.
#pragma once

#include "core/service/rollout.h"
#include "native/documents.h"
#include "native/service/methods.h"

namespace lockstep::service {

inline const std::string kCreatorOption = "creator";

/// How plans of the services are understood, and that their tasks run when somebody asks.
native::ReadOptions OptionsOf(const Settings& settings);

/// "projects/*/rollouts/*" of the path.
std::string RolloutNameOf(const Call& call);
base::Result<RolloutFacts> FactsOf(Context& context, const ledger::RolloutRecord& record);
/// All of it: stages, tasks.
Answer RolloutAnswer(Context& context, const std::string& name);
/// For lists: all but its stages.
base::Status WriteHead(Context& context, base::JsonWriter& writer,
                       const ledger::RolloutRecord& record);
inline RolloutView ViewOf(const LiveRollout& live) {
  return {*live.stored->workspace().checked(), live.stored->rollout(), live.stored->scheduler(),
          live.skip_reasons};
}

/// The plan of that full name. kInvalidArgument, kNotFound.
base::Result<ledger::Object> FindPlan(Context& context, std::string_view name);

}  // namespace lockstep::service
