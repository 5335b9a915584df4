// Check: Plan (+ inventory, sheets) -> findings, and a CheckedPlan when there is no error. Nothing
// but Check can make a CheckedPlan, and only a CheckedPlan can be expanded into a rollout.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/index.h"
#include "core/base/time.h"
#include "core/diagnostics/emitter.h"
#include "core/inventory/inventory.h"
#include "core/inventory/sheet_library.h"
#include "core/plan/plan.h"
#include "core/plan/semantics.h"
#include "core/sql/splitter.h"

namespace lockstep::check {

using SheetIndex = base::Index<struct SheetTag>;

/// A sheet that the plan names, loaded once however many specs use it. `text` is invalid when it
/// could not be loaded or no sheets were on offer.
struct Sheet {
  std::string_view name;
  diagnostics::SourceId text;
  std::string sha256;  ///< hex of the bytes; empty without text
  std::uint64_t bytes = 0;
  /// Split per dialect that it is used with; most sheets have one.
  std::vector<std::pair<sql::Dialect, sql::SplitResult>> splits;
  const sql::SplitResult* SplitFor(sql::Dialect dialect) const;
};

struct CheckedSpec {
  SheetIndex sheet;       ///< invalid: BASELINE without one, createDatabaseConfig, unknown
  base::Slice databases;  ///< CheckedPlan::databases(): resolved targets, groups expanded, in order
  inventory::InstanceIndex instance;  ///< createDatabaseConfig
  base::Slice depends_on;  ///< CheckedPlan::dependencies(): resolved, without repetitions
};

struct Options {
  plan::Semantics semantics = plan::DocumentedSemantics();
  /// For schedule rules ("in the past"); without it those rules are silent.
  std::optional<base::Instant> now;
};

class CheckedPlan {
 public:
  const plan::Plan& plan() const { return *plan_; }
  const inventory::Inventory& inventory() const { return *inventory_; }
  const Sheet& sheet(SheetIndex index) const { return sheets_[index]; }
  const base::IndexVector<SheetIndex, Sheet>& sheets() const { return sheets_; }
  const CheckedSpec& spec(plan::SpecIndex index) const { return specs_[index]; }
  std::span<const inventory::DatabaseIndex> DatabasesOf(plan::SpecIndex index) const {
    return specs_[index].databases.Of(databases_);
  }
  std::span<const plan::SpecIndex> DependenciesOf(plan::SpecIndex index) const {
    return specs_[index].depends_on.Of(dependencies_);
  }
  const plan::Semantics& semantics() const { return semantics_; }

 private:
  friend class Checker;
  CheckedPlan() = default;
  const plan::Plan* plan_ = nullptr;
  const inventory::Inventory* inventory_ = nullptr;  // the given one, or synthesized_
  std::unique_ptr<inventory::Inventory> synthesized_;
  base::IndexVector<SheetIndex, Sheet> sheets_;
  base::IndexVector<plan::SpecIndex, CheckedSpec> specs_;
  std::vector<inventory::DatabaseIndex> databases_;
  std::vector<plan::SpecIndex> dependencies_;
  plan::Semantics semantics_;
};

/// All findings in one pass into `emitter`. `inventory` and `library` may be null: what needs one
/// is then silent, and says so once as an info. Texts of loaded sheets are added to `sources`.
/// Empty when the emitter has any error, from here or from before. Everything passed in must
/// outlive the result.
std::optional<CheckedPlan> Check(const plan::Plan& plan, const inventory::Inventory* inventory,
                                 const inventory::SheetLibrary* library, const Options& options,
                                 diagnostics::Sources& sources, diagnostics::Emitter& emitter);

/// The rule that a problem of splitting a sheet falls under: for those who look at a sheet without
/// a plan.
diagnostics::Rule RuleOf(sql::SplitProblemKind kind);

}  // namespace lockstep::check
