// The rule catalogue for people and programs: `lockstep rules`, `lockstep explain`,
// schemas/rules.json and schemas/rules.md (checked in; tests/corpus makes them with examples and
// fails when they are stale).
#pragma once

#include <map>
#include <string>

#include "core/diagnostics/rule.h"

namespace lockstep::api {

struct RuleExample {
  std::string document;  ///< the essential lines
  std::string output;    ///< what the text report says about them
};
using RuleExamples = std::map<diagnostics::Rule, RuleExample>;

/// {"rules":[{"code","slug","severity","family","server","reference":[…],"summary","why","fix",
/// "example":{"document","output"}}]}
std::string RulesJson(const RuleExamples& examples = {});
/// One of these objects.
std::string RuleJson(diagnostics::Rule rule);
std::string RulesMarkdown(const RuleExamples& examples = {});
/// One rule on a terminal, at most 80 columns wide.
std::string ExplainText(diagnostics::Rule rule);

}  // namespace lockstep::api
