// A PlanDiff for people and for programs.
#pragma once

#include <string>

#include "core/api/plan_diff.h"
#include "core/base/json_writer.h"

namespace lockstep::api {

/// `spec "a" moved from step "Test" to step "Production"`: without places.
std::string MessageOf(const Change& change);

/// A line for each change, with its places; then what becomes of the schedule, with the first few
/// tasks that start at another time. Ends with a line end.
std::string PlanDiffText(const PlanDiff& diff, const PlanSide& a, const PlanSide& b, bool color);

/// {"changes":[{"what","how","field","message","a":{"file","range","of","value"},"b",
///   "statements":{"added","removed","changed","sameText"},"uses"}],"sheetsByNameAlone","same",
///  "schedule":{"a":{"digest","status","start","makespan","stages","databases","tasks",
///   "criticalPath"},"b",
///   "tasks":[{"shift","spec","database","a":{"name","start","end"},"b"}],
///   "turns":[{"spec","database","a":{"name","after"},"b"}],"criticalPathDiffers"}}
void WritePlanDiff(base::JsonWriter& writer, const PlanDiff& diff, const PlanSide& a,
                   const PlanSide& b);

}  // namespace lockstep::api
