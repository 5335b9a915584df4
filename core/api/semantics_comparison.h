// One plan under two semantics: which tasks start at another time, in another order or never, and
// which switch is the reason.
#pragma once

#include <string>
#include <vector>

#include "core/base/json_writer.h"
#include "core/check/check.h"
#include "core/plan/semantics.h"
#include "core/rollout/pace.h"
#include "core/sim/simulator.h"

namespace lockstep::api {

struct SemanticsComparison {
  plan::Semantics semantics, other;
  rollout::Rollout rollout, other_rollout;
  sim::Timeline timeline, other_timeline;

  /// A task that starts at another time, or is there or starts under one of them only.
  struct Difference {
    rollout::TaskIndex task;   ///< of `rollout`; invalid: there is none
    rollout::TaskIndex other;  ///< of `other_rollout`; invalid: there is none
    std::vector<const plan::SemanticsSwitch*> reasons;  ///< each alone; empty: several together
  };
  std::vector<Difference> differences;  ///< in plan order of the one or the other

  /// A database on which tasks that run under both take another order.
  struct Order {
    rollout::DatabaseIndex database;               ///< of `rollout`
    std::vector<rollout::TaskIndex> tasks, other;  ///< by start, both of `rollout`
  };
  std::vector<Order> orders;
};

/// Simulates both, and one more for each switch in which they differ. Specs of one kind on one
/// database are compared in their order.
SemanticsComparison CompareSemantics(const check::CheckedPlan& plan, const rollout::Pace& pace,
                                     const sim::Scenario& scenario, const plan::Semantics& other);

std::string SemanticsText(const SemanticsComparison& comparison);

/// {"semantics","other","before":{"status","makespan"},"after":{…},
///  "differences":[{"spec","database","task","otherTask","start","otherStart","reasons":[name]}],
///  "orders":[{"database","tasks":[names],"otherTasks":[names]}],
///  "switches":[{"name","documented","server","source"}]}; starts in milliseconds, null: never
void WriteSemanticsComparison(base::JsonWriter& writer, const SemanticsComparison& comparison);

}  // namespace lockstep::api
