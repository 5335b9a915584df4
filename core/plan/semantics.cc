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

template <auto kMember>
constexpr SemanticsSwitch Switch(std::string_view name, std::string_view documented,
                                 std::string_view server, std::string_view source) {
  return {name,
          documented,
          server,
          source,
          [](const Semantics& a, const Semantics& b) { return a.*kMember != b.*kMember; },
          [](Semantics& to, const Semantics& from) { to.*kMember = from.*kMember; }};
}

constexpr std::string_view kScheduler = "3.4.0, backend/runner/taskrun/schedulerv2.go";

constexpr SemanticsSwitch kSwitches[] = {
    Switch<&Semantics::stages_from_for_steps>(
        "stages", "a stage for each step", "a stage for each environment, whatever the steps",
        "3.4.0, backend/api/v1/rollout_service.go, GetPipelineCreate"),
    Switch<&Semantics::stage_gate>("stage-gate",
                                   "a stage waits until the one before is DONE or SKIPPED",
                                   "a stage does not wait for the one before", kScheduler),
    Switch<&Semantics::version_order>("version-order", "versions compare by their numbers",
                                      "versions compare as text", kScheduler),
    Switch<&Semantics::serial_data_tasks>("data-tasks", "data changes take turns on a database",
                                          "data changes on one database run at once",
                                          "since 2.23, Sequential() of task types"),
    Switch<&Semantics::ghost_is_two_tasks>("gh-ost", "gh-ost is one task",
                                           "gh-ost is two tasks, sync and cutover", "until 3.4.1"),
    Switch<&Semantics::vcs_source_chains>(
        "vcs-source", "vcsSource has no effect",
        "vcsSource chains the tasks of a database in a stage",
        "2.23 to 3.4, backend/api/v1/rollout_service.go, serializeTasks"),
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

const Semantics& OtherSemantics(const Semantics& semantics) {
  return semantics.name == kDocumented.name ? kBytebase34 : kDocumented;
}

std::span<const SemanticsSwitch> SemanticsSwitches() {
  return kSwitches;
}

std::span<const std::string_view> SemanticsNames() {
  return kNames;
}

}  // namespace lockstep::plan
