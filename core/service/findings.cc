#include "core/service/findings.h"

#include <algorithm>
#include <charconv>
#include <unordered_map>

namespace lockstep::service {
namespace {

using diagnostics::Diagnostic;
using diagnostics::Severity;
using plan::SpecIndex;

Finding Describe(const Diagnostic& diagnostic) {
  const diagnostics::RuleInfo& rule = diagnostics::Info(diagnostic.rule);
  Finding finding;
  finding.status = diagnostic.severity == Severity::kError ? "ERROR" : "WARNING";
  finding.title = std::string(rule.code) + " " + std::string(rule.slug);
  finding.content = diagnostic.message;
  const std::string_view digits = rule.code.substr(rule.code.find_first_of("0123456789"));
  std::from_chars(digits.data(), digits.data() + digits.size(), finding.code);
  return finding;
}

/// The spec that has this place of the plan; invalid when none has.
SpecIndex SpecAt(const plan::Plan& plan, std::uint32_t offset) {
  // Specs stand in the order of the document, so the last that begins before it is the one.
  const auto after = std::upper_bound(
      plan.specs.begin(), plan.specs.end(), offset,
      [](std::uint32_t at, const plan::Spec& spec) { return at < spec.span.begin; });
  if (after == plan.specs.begin()) return {};
  const SpecIndex spec(static_cast<std::size_t>(after - plan.specs.begin() - 1));
  return offset < plan.specs[spec].span.end ? spec : SpecIndex();
}

}  // namespace

base::IndexVector<SpecIndex, std::vector<Finding>> FindingsOf(
    const plan::Plan& plan, const diagnostics::Sources& sources,
    const std::vector<Diagnostic>& diagnostics) {
  base::IndexVector<SpecIndex, std::vector<Finding>> findings(plan.specs.size());
  std::unordered_map<std::string_view, std::vector<SpecIndex>> by_sheet;
  for (const SpecIndex spec : plan.specs.indices())
    by_sheet[plan.specs[spec].config.sheet.value].push_back(spec);
  for (const Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.severity == Severity::kInfo) continue;
    if (diagnostic.place.source == plan.source) {
      const SpecIndex spec = SpecAt(plan, diagnostic.place.span.begin);
      if (spec.valid()) findings[spec].push_back(Describe(diagnostic));
      continue;
    }
    // A finding in a sheet says first which spec runs it.
    if (diagnostic.related.empty() || diagnostic.related[0].place.source != plan.source) continue;
    const SpecIndex runner = SpecAt(plan, diagnostic.related[0].place.span.begin);
    if (!runner.valid()) continue;
    Finding finding = Describe(diagnostic);
    const diagnostics::Source& sheet = sources[diagnostic.place.source];
    const std::uint32_t at = diagnostic.place.span.begin;
    finding.line = sheet.PositionOf(at).line + 1;
    finding.column = sheet.CodePointColumnOf(at) + 1;
    for (const SpecIndex spec : by_sheet[plan.specs[runner].config.sheet.value])
      findings[spec].push_back(finding);
  }
  return findings;
}

}  // namespace lockstep::service
