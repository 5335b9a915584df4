#include "core/check/check.h"

#include "core/check/context.h"
#include "core/check/rules.h"

namespace lockstep::check {
namespace {

// References first, so that no later rule reports what follows from a broken one.
void CheckSpec(Context& context, SpecIndex spec) {
  CheckSpecStructure(context, spec);
  const plan::ConfigKind kind = context.plan.specs[spec].config.kind;
  if (kind == plan::ConfigKind::kNone) return;
  CheckSpecReferences(context, spec);
  CheckSpecDependencies(context, spec);
  CheckSpecTargets(context, spec);
  CheckSpecSchedule(context, spec);
  if (kind == plan::ConfigKind::kCreateDatabase) {
    CheckSpecCreate(context, spec);
  } else {
    CheckSpecSheet(context, spec);
    CheckSpecConfig(context, spec);
  }
  if (kind == plan::ConfigKind::kChangeDatabase) {
    CheckSpecGhost(context, spec);
    CheckSpecBackup(context, spec);
  }
}

void CheckAll(Context& context) {
  LoadSheets(context);
  for (const SpecIndex spec : context.plan.specs.indices()) CheckSpec(context, spec);
  CheckStructure(context);
  CheckReferences(context);
  CheckDependencies(context);
  CheckTargets(context);
  CheckSheets(context);
  CheckStatements(context);
  CheckExecutable(context);
  CheckSchedule(context);
  CheckVersions(context);
  CheckCreatedDatabases(context);
}

}  // namespace

/// The only maker of a CheckedPlan.
class Checker {
 public:
  static std::optional<CheckedPlan> Make(Context& context,
                                         std::unique_ptr<inventory::Inventory> synthesized) {
    const bool complete = context.expandable && !context.emitter.lost_value();
    if (!complete && !context.emitter.has_errors()) {
      context.Report(
          Rule::kNotExpandable, Opening(context.plan.span),
          "a rule that no rollout can do without was lowered or switched off; its finding "
          "still stands, so repair the plan, or set the rule back to see where");
    }
    if (context.emitter.has_errors()) return std::nullopt;
    CheckedPlan checked;
    checked.plan_ = &context.plan;
    checked.inventory_ = &context.inventory;
    checked.synthesized_ = std::move(synthesized);
    checked.sheets_ = std::move(context.sheets);
    checked.specs_ = std::move(context.specs);
    checked.databases_ = std::move(context.databases);
    checked.dependencies_ = std::move(context.dependencies);
    checked.semantics_ = context.options.semantics;
    checked.time_zones_ = context.options.time_zones;
    return checked;
  }
};

std::optional<CheckedPlan> Check(const plan::Plan& plan, const inventory::Inventory* inventory,
                                 const inventory::SheetLibrary* library, const Options& options,
                                 diagnostics::Sources& sources, diagnostics::Emitter& emitter) {
  std::unique_ptr<inventory::Inventory> synthesized;
  if (inventory == nullptr) {
    synthesized = std::make_unique<inventory::Inventory>();
    synthesized->synthesized = true;
  }
  Context context(plan, synthesized.get(), inventory, library, options, sources, emitter);
  CheckAll(context);
  return Checker::Make(context, std::move(synthesized));
}

}  // namespace lockstep::check
