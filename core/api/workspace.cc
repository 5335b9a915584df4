#include "core/api/workspace.h"

#include <utility>

#include "core/api/follow_on.h"
#include "core/plan/decode.h"

namespace lockstep::api {

using diagnostics::Emitter;
using diagnostics::Source;
using diagnostics::SourceId;

std::unique_ptr<Workspace> Workspace::Read(Inputs inputs, const Options& options) {
  std::unique_ptr<Workspace> workspace(new Workspace());
  Emitter emitter(options.severities);
  workspace->ReadPlan(std::move(inputs.plan), options, emitter);
  if (inputs.inventory) workspace->ReadInventory(std::move(*inputs.inventory), options, emitter);
  workspace->CheckPlan(inputs.sheets, options, emitter);
  if (inputs.scenario) workspace->ReadScenario(std::move(*inputs.scenario), options, emitter);
  workspace->has_errors_ = emitter.has_errors();
  if (workspace->has_errors_) workspace->checked_.reset();  // whichever document they are in
  workspace->diagnostics_ = emitter.Take();
  for (const auto* document : {&workspace->plan_document_, &workspace->inventory_document_,
                               &workspace->scenario_document_}) {
    if (*document) json::AttachPointers(**document, workspace->diagnostics_);
  }
  DropFollowOns(workspace->diagnostics_);
  return workspace;
}

std::optional<json::Document> Workspace::Parse(Source source, const Options& options,
                                               Emitter& emitter) {
  const SourceId id = sources_.Add(std::move(source));
  return json::Document::Parse(id, sources_[id], options.limits, emitter);
}

void Workspace::ReadPlan(Source source, const Options& options, Emitter& emitter) {
  plan_document_ = Parse(std::move(source), options, emitter);
  if (plan_document_) plan_ = plan::Decode(*plan_document_, options.lenient, emitter);
}

void Workspace::ReadInventory(Source source, const Options& options, Emitter& emitter) {
  source.set_may_hold_secrets();
  inventory_document_ = Parse(std::move(source), options, emitter);
  if (!inventory_document_) return;
  inventory_ = inventory::DecodeInventory(*inventory_document_, options.lenient, emitter);
}

void Workspace::CheckPlan(const SheetsOnOffer& sheets, const Options& options, Emitter& emitter) {
  if (sheets) library_ = sheets(inventory());
  if (!plan_) return;
  const check::Options check_options{options.semantics, options.now, options.time_zones};
  checked_ = check::Check(*plan_, inventory(), library_.get(), check_options, sources_, emitter);
}

void Workspace::ReadScenario(Source source, const Options& options, Emitter& emitter) {
  scenario_document_ = Parse(std::move(source), options, emitter);
  if (!scenario_document_) return;
  // Selectors can only be checked against the tasks of a plan that is right.
  std::optional<rollout::Rollout> rollout;
  if (checked_) rollout = rollout::Expand(*checked_, {});
  std::optional<sim::Scenario> scenario =
      sim::DecodeScenario(*scenario_document_, rollout ? &*rollout : nullptr, emitter);
  if (scenario) scenario_ = std::move(*scenario);
}

}  // namespace lockstep::api
