// PlanDiff: two plans compared by what they mean, and what becomes of the schedule. How a plan is
// written (comments, order of fields, spelling of names, the form where it makes no difference) is
// no difference. Comparing b with a tells the same with the sides exchanged.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/statement_diff.h"
#include "core/api/workspace.h"
#include "core/rollout/rollout.h"
#include "core/sim/simulator.h"

namespace lockstep::api {

enum class What : std::uint8_t {
  kPlan,         ///< a field of the plan
  kInventory,    ///< a field of an instance or a database that both rollouts use
  kStep,         ///< a step itself
  kStepTitle,    ///< the same step by another title
  kStepOrder,    ///< a step has another place among those that both plans have
  kSpec,         ///< a spec itself
  kSpecId,       ///< the same targets, sheet and type by another id
  kSpecStep,     ///< a spec is in another step
  kSpecOrder,    ///< a spec has another place among those that its step has in both plans
  kDependency,   ///< an edge between specs that both plans have, or to one that only one has
  kTarget,       ///< a target of a spec
  kTargetOrder,  ///< a target has another place in its list
  kDatabase,     ///< a database group matches another set of databases
  kSheet,        ///< a spec runs a sheet of another name
  kSheetText,    ///< a sheet has another text
  kField,        ///< another field of a spec
};
enum class How : std::uint8_t { kAdded, kRemoved, kChanged, kMoved };
std::string_view ToString(What what);  ///< "plan", "stepTitle", …
std::string_view ToString(How how);    ///< "added", …

/// What one of the plans says.
struct Side {
  diagnostics::Place place;  ///< in the sources of that plan's workspace
  /// Whom it is about: a spec's id, a step's title, an instance, a group, a sheet; "" for the plan.
  std::string of;
  /// A field's value, "" when it is not set; a dependency, a target, a database, the step of a
  /// spec; what stands before it where the order changed, "" when it is the first.
  std::string value;
};

/// One difference. Without `a` something is new, without `b` it is gone.
struct Change {
  What what = What::kPlan;
  std::string field = {};  ///< as in JSON, for kPlan, kInventory and kField
  std::optional<Side> a = {}, b = {};
  /// Of sheets, where both have a text.
  std::optional<StatementCounts> statements = {};
  /// How many specs are concerned. kSheetText: those that both plans have; kDatabase: those of the
  /// plan that has more.
  std::uint32_t uses = 0;

  How how() const;
};

enum class TaskShift : std::uint8_t {
  kAppears,     ///< only the second rollout has it
  kDisappears,  ///< only the first one has it
  kEarlier,
  kLater,
  kStarts,       ///< it never started before
  kStartsNever,  ///< it did before
};
std::string_view ToString(TaskShift shift);  ///< "appears", "startsNever", …

/// A task whose start differs; the index is invalid where the rollout does not have it.
struct TaskChange {
  TaskShift shift = TaskShift::kAppears;
  rollout::TaskIndex a, b;
};

/// A task that has another turn on its database, among those that run there in both rollouts.
/// `before`: whose turn it was then; invalid: it was the first.
struct TurnChange {
  rollout::TaskIndex a, b;
  rollout::TaskIndex before_a, before_b;
};

struct ScheduleDiff {
  std::vector<TaskChange> tasks;  ///< in the order of b; those that disappear come last
  std::vector<TurnChange> turns;  ///< by database, in the order of b
  bool critical_path_differs = false;
};

/// A plan and what would become of it. Refers to all three.
struct PlanSide {
  const Workspace& workspace;  ///< without errors
  const rollout::Rollout& rollout;
  const sim::Timeline& timeline;  ///< with waits: else there is no critical path
};

struct PlanDiff {
  std::vector<Change> changes;  ///< plan, inventory, steps, specs in the order of b, sheets
  ScheduleDiff schedule;
  bool sheets_by_name_alone = false;  ///< the texts of one of the plans are not there
  bool same_digest = false;

  bool empty() const { return changes.empty() && same_digest; }
};

/// REQUIRES that both start at the same time and were made by the same scenario.
PlanDiff DiffPlans(const PlanSide& a, const PlanSide& b);

/// For two readings of one scenario with Rule::kScenarioSelector as a warning: what it names and
/// neither plan has, as errors. A spec that only one of the plans has is no mistake.
std::vector<diagnostics::Diagnostic> UnknownToBoth(const Workspace& a, const Workspace& b);

}  // namespace lockstep::api
