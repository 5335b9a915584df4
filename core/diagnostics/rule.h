// The rules as an enum and a table, both made from rules.def.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace lockstep::diagnostics {

enum class Severity { kError, kWarning, kInfo };

enum class Family {
  kSyntax,      ///< not (our) JSON
  kStructure,   ///< JSON, but not the shape of a plan, an inventory or a scenario
  kReference,   ///< a name that is malformed or leads nowhere
  kDependency,  ///< dependsOnSpecs
  kTarget,      ///< databases, groups, instances, engines
  kSheet,       ///< sheets as files
  kStatement,   ///< the SQL inside a sheet
  kSchedule,    ///< times, versions, order
  kConfig,      ///< the three config kinds and their options
};

/// What Bytebase's server (3.4.0 unless the rule's `why` says otherwise) does with such a plan.
enum class ServerVerdict {
  kRejects,       ///< refuses it on create
  kAccepts,       ///< takes it and does what was meant
  kIgnores,       ///< takes it and drops the part in question without a word
  kHangs,         ///< takes it, and a task then waits for ever
  kFailsLater,    ///< takes it, and it fails when run or when checks are made
  kNotApplicable  ///< Lockstep's own: inventory, scenario, comments, limits
};

enum class Rule {
#define LOCKSTEP_RULE(name, code, slug, severity, family, verdict, reference, summary, why, fix) \
  name,
#include "core/diagnostics/rules.def"
#undef LOCKSTEP_RULE
};

struct RuleInfo {
  Rule rule;
  std::string_view code;  ///< "LS101", stable for ever
  std::string_view slug;  ///< "duplicate-spec-id"
  Severity severity;
  Family family;
  ServerVerdict verdict;
  std::string_view reference;  ///< Bytebase validations it covers ("V4", "G11"), or empty
};

/// For people who want to know more of a rule. Apart from RuleInfo, since whoever only finds
/// mistakes does not need it (in WebAssembly it is not loaded then).
struct RuleProse {
  std::string_view summary;  ///< one line
  std::string_view why;      ///< why it matters, and what Bytebase's server does
  std::string_view fix;      ///< what to do
};

const RuleInfo& Info(Rule rule);
const RuleProse& Prose(Rule rule);
std::span<const RuleInfo> AllRules();  ///< in the order of rules.def
/// By code (case ignored) or by slug.
std::optional<Rule> FindRule(std::string_view code_or_slug);

/// A setting of `--rule CODE=…`: "error", "warning", "info", or "off" (an empty inner optional).
/// Empty when it is none of them.
std::optional<std::optional<Severity>> ParseSeveritySetting(std::string_view text);

std::string_view ToString(Severity severity);      ///< "error", "warning", "info"
std::string_view ToString(Family family);          ///< "structure", …
std::string_view ToString(ServerVerdict verdict);  ///< "rejects", "accepts", …

}  // namespace lockstep::diagnostics
