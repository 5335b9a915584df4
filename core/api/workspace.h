// Workspace: the documents of one request, read, decoded, checked and expanded in order, kept
// together so that views into them stay valid. The typed face of core; api.h is the same as JSON.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/check/check.h"
#include "core/diagnostics/emitter.h"
#include "core/inventory/sheet_library.h"
#include "core/json/document.h"
#include "core/rollout/expand.h"
#include "core/sim/scenario.h"

namespace lockstep::api {

struct Options {
  bool lenient = false;
  plan::Semantics semantics = plan::DocumentedSemantics();
  std::optional<base::Instant> now;
  base::TimeZones time_zones = &base::UtcAlone;  ///< of windows
  json::Limits limits;
  diagnostics::SeverityOverrides severities;
};

/// Makes the sheets that a plan may name. A function, because the inventory says where sheets lie
/// and it has to be decoded first; its argument is null when there is no inventory.
using SheetsOnOffer =
    std::function<std::unique_ptr<inventory::SheetLibrary>(const inventory::Inventory*)>;

/// What a request brings. Sources by value: the workspace owns them.
struct Inputs {
  diagnostics::Source plan;
  std::optional<diagnostics::Source> inventory;
  std::optional<diagnostics::Source> scenario;
  SheetsOnOffer sheets;  ///< null: no sheets on offer, and rules about them are silent
};

class Workspace {
 public:
  /// Reads everything and keeps all findings, sorted, with JSON Pointers.
  static std::unique_ptr<Workspace> Read(Inputs inputs, const Options& options);

  const diagnostics::Sources& sources() const { return sources_; }
  const std::vector<diagnostics::Diagnostic>& diagnostics() const { return diagnostics_; }
  bool has_errors() const { return has_errors_; }
  /// Null when the plan is not JSON.
  const json::Document* plan_document() const {
    return plan_document_ ? &*plan_document_ : nullptr;
  }
  const plan::Plan* plan() const { return plan_ ? &*plan_ : nullptr; }
  const inventory::Inventory* inventory() const { return inventory_ ? &*inventory_ : nullptr; }
  /// Null when there are errors.
  const check::CheckedPlan* checked() const { return checked_ ? &*checked_ : nullptr; }
  /// The default one when no scenario was given. Selectors are checked against `rollout`.
  const sim::Scenario& scenario() const { return scenario_; }
  bool has_scenario() const { return scenario_document_.has_value(); }

 private:
  Workspace() = default;
  std::optional<json::Document> Parse(diagnostics::Source source, const Options& options,
                                      diagnostics::Emitter& emitter);
  void ReadPlan(diagnostics::Source source, const Options& options, diagnostics::Emitter& emitter);
  void ReadInventory(diagnostics::Source source, const Options& options,
                     diagnostics::Emitter& emitter);
  void CheckPlan(const SheetsOnOffer& sheets, const Options& options,
                 diagnostics::Emitter& emitter);
  void ReadScenario(diagnostics::Source source, const Options& options,
                    diagnostics::Emitter& emitter);

  diagnostics::Sources sources_;
  std::optional<json::Document> plan_document_, inventory_document_, scenario_document_;
  std::optional<plan::Plan> plan_;
  std::optional<inventory::Inventory> inventory_;
  std::unique_ptr<inventory::SheetLibrary> library_;
  std::optional<check::CheckedPlan> checked_;
  sim::Scenario scenario_;
  std::vector<diagnostics::Diagnostic> diagnostics_;
  bool has_errors_ = false;
};

}  // namespace lockstep::api
