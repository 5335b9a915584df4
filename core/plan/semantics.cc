#include "core/plan/semantics.h"

namespace lockstep::plan {
namespace {

constexpr Semantics kDocumented{.name = "documented"};

// Bytebase 3.4.0 as its source decides: backend/runner/taskrun/schedulerv2.go and
// backend/api/v1/rollout_service.go (GetPipelineCreate). Steps are rebuilt from the deployment
// config, whose default is one deployment per environment.
constexpr Semantics kBytebase34{
    .name = "bytebase-3.4",
    .stages_from_for_steps = StagesFrom::kEnvironments,
    .stage_gate = StageGate::kNone,
    .version_order = VersionOrder::kText,
    .serial_data_tasks = false,
    .ghost_is_two_tasks = true,
    .vcs_source_chains = true,
};

constexpr std::string_view kNames[] = {kDocumented.name, kBytebase34.name};

}  // namespace

const Semantics& DocumentedSemantics() {
  return kDocumented;
}

std::optional<Semantics> FindSemantics(std::string_view name) {
  for (const Semantics& semantics : {kDocumented, kBytebase34}) {
    if (semantics.name == name) return semantics;
  }
  return std::nullopt;
}

std::span<const std::string_view> SemanticsNames() {
  return kNames;
}

}  // namespace lockstep::plan
