#include "core/diagnostics/rule.h"

#include "core/base/check.h"
#include "core/base/text.h"

namespace lockstep::diagnostics {
namespace {

constexpr RuleInfo kRules[] = {
#define LOCKSTEP_RULE(name, code, slug, severity, family, verdict, reference, summary, why, fix) \
  {Rule::name, code, slug, Severity::severity, Family::family, ServerVerdict::verdict, reference},
#include "core/diagnostics/rules.def"
#undef LOCKSTEP_RULE
};

}  // namespace

const RuleInfo& Info(Rule rule) {
  return kRules[static_cast<std::size_t>(rule)];
}

std::span<const RuleInfo> AllRules() {
  return kRules;
}

std::optional<Rule> FindRule(std::string_view code_or_slug) {
  for (const RuleInfo& info : kRules) {
    if (info.slug == code_or_slug || base::EqualsIgnoreCaseAscii(info.code, code_or_slug)) {
      return info.rule;
    }
  }
  return std::nullopt;
}

std::optional<std::optional<Severity>> ParseSeveritySetting(std::string_view text) {
  using Setting = std::optional<Severity>;
  if (text == "off") return std::make_optional(Setting());
  for (const Severity severity : {Severity::kError, Severity::kWarning, Severity::kInfo}) {
    if (text == ToString(severity)) return Setting(severity);
  }
  return std::nullopt;
}

std::string_view ToString(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "error";
    case Severity::kWarning:
      return "warning";
    case Severity::kInfo:
      return "info";
  }
  base::CheckFailed(__FILE__, __LINE__, "severity", "not a severity");
}

std::string_view ToString(Family family) {
  switch (family) {
    case Family::kSyntax:
      return "syntax";
    case Family::kStructure:
      return "structure";
    case Family::kReference:
      return "reference";
    case Family::kDependency:
      return "dependency";
    case Family::kTarget:
      return "target";
    case Family::kSheet:
      return "sheet";
    case Family::kStatement:
      return "statement";
    case Family::kSchedule:
      return "schedule";
    case Family::kConfig:
      return "config";
  }
  base::CheckFailed(__FILE__, __LINE__, "family", "not a family");
}

std::string_view ToString(ServerVerdict verdict) {
  switch (verdict) {
    case ServerVerdict::kRejects:
      return "rejects";
    case ServerVerdict::kAccepts:
      return "accepts";
    case ServerVerdict::kIgnores:
      return "ignores";
    case ServerVerdict::kHangs:
      return "hangs";
    case ServerVerdict::kFailsLater:
      return "fails-later";
    case ServerVerdict::kNotApplicable:
      return "not-applicable";
  }
  base::CheckFailed(__FILE__, __LINE__, "verdict", "not a verdict");
}

}  // namespace lockstep::diagnostics
