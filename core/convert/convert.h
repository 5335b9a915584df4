// Convert: a plan in its other form (plan-semantics §9), and what the other form cannot say.
//
// What is converted is what Lockstep makes of a plan: stages from steps in the older form, from
// environments in the flat one (documented semantics). Where nothing is told as lost, both plans
// expand to the same tasks in the same stages. The flat form that is written serves Bytebase 3.7 to
// 3.13: `type` is what 3.7 to 3.12 read and later versions ignore, `enableGhost` what 3.13 reads.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/check/check.h"
#include "core/diagnostics/remark.h"
#include "core/json/document.h"

namespace lockstep::convert {

struct Options {
  plan::Form to = plan::Form::kFlat;
  /// To the flat form: specs that differ in their database alone become one spec with several
  /// targets, where the order on no database changes by it. Their ids are lost.
  bool merge = false;
};

struct Converted {
  std::string plan;                         ///< JSON, one member a line, with a line end
  std::vector<diagnostics::Remark> losses;  ///< sorted by place, with JSON Pointers
};

/// `document` is the one that the plan was decoded from. A plan that has the form already comes
/// back as it is, as plain JSON. kFailedPrecondition when the other form can say nothing of it.
base::Result<Converted> Convert(const check::CheckedPlan& checked, const json::Document& document,
                                const Options& options);

}  // namespace lockstep::convert
