#include "core/api/convert.h"

#include <algorithm>
#include <vector>

namespace lockstep::api {
namespace {

using diagnostics::Diagnostic;
using diagnostics::Rule;

/// What lenient reading passed over is in the document and not in the plan.
bool IsPassedOver(const Diagnostic& finding) {
  return finding.rule == Rule::kUnknownField || finding.rule == Rule::kUnknownEnumValue;
}

}  // namespace

base::Result<convert::Converted> ConvertPlan(const Workspace& workspace,
                                             std::optional<plan::Form> to, bool merge) {
  const bool flat = workspace.plan()->form == plan::Form::kFlat;
  const convert::Options options{to.value_or(flat ? plan::Form::kSteps : plan::Form::kFlat), merge};
  auto converted = convert::Convert(*workspace.checked(), *workspace.plan_document(), options);
  if (!converted.ok() || workspace.plan()->form == options.to) return converted;
  for (const Diagnostic& finding : workspace.diagnostics()) {
    if (!IsPassedOver(finding) || finding.place.source != workspace.plan()->source) continue;
    converted->losses.push_back({finding.place, finding.message, finding.pointer});
  }
  std::stable_sort(converted->losses.begin(), converted->losses.end(),
                   [](const auto& a, const auto& b) { return a.place < b.place; });
  return converted;
}

std::string ConvertAnswer(const Workspace& workspace, const convert::Converted& converted) {
  base::JsonWriter writer;
  writer.BeginObject().Key("plan").Raw(converted.plan.substr(0, converted.plan.size() - 1));
  writer.Key("losses");
  diagnostics::WriteRemarks(writer, workspace.sources(), converted.losses);
  return writer.EndObject().Take();
}

}  // namespace lockstep::api
