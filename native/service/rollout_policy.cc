#include "native/service/rollout_policy.h"

namespace lockstep::service {

base::Result<RolloutPolicies> ReadRolloutPolicies(const Settings& settings) {
  RolloutPolicies policies;
  auto source = ReadInventory(settings);
  if (!source.ok()) return source.error();
  if (!*source) return policies;
  diagnostics::Sources sources;
  diagnostics::Emitter emitter;
  const auto id = sources.Add(std::move(**source));
  const auto document = json::Document::Parse(id, sources[id], {}, emitter);
  const auto inventory =
      document ? inventory::DecodeInventory(*document, true, emitter) : std::nullopt;
  if (!inventory || emitter.has_errors()) {
    return base::Error{base::ErrorCode::kFailedPrecondition,
                       "the inventory " + settings.inventory + " has errors; see `lockstep validate`"};
  }
  for (const inventory::Environment& environment : inventory->environments)
    policies.policies_.emplace(environment.name.value, environment.rollout_policy);
  return policies;
}

}  // namespace lockstep::service
