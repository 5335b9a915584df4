// rules, explain: the catalogue.
#include "core/api/rules.h"
#include "core/base/text.h"
#include "core/diagnostics/rule.h"
#include "native/cli/settings.h"
#include "native/report/output.h"
#include "native/report/table.h"
#include "native/runner.h"

namespace lockstep::cli {

using report::Stdout;

namespace {

using diagnostics::RuleInfo;
using report::Table;

struct Rules {
  std::string format = "text";

  int Run() const;
};

int Rules::Run() const {
  if (format == "json") {
    Stdout().Write(api::RulesJson());
  } else if (format == "markdown") {
    Stdout().Write(api::RulesMarkdown());
  } else {
    Table table(std::vector(5, Table::Align::kLeft));
    table.Row({"CODE", "SEVERITY", "FAMILY", "SLUG", "FINDS"});
    for (const RuleInfo& rule : diagnostics::AllRules()) {
      table.Row({std::string(rule.code), std::string(ToString(rule.severity)),
                 std::string(ToString(rule.family)), std::string(rule.slug),
                 std::string(diagnostics::Prose(rule.rule).summary)});
    }
    Stdout().Write(table.Text());
  }
  return native::kExitDone;
}

struct Explain {
  std::string name, format = "text";

  int Run() const;
};

int Explain::Run() const {
  const auto rule = diagnostics::FindRule(name);
  if (rule) {
    Stdout().Write(format == "json" ? api::RuleJson(*rule) : api::ExplainText(*rule));
    return native::kExitDone;
  }
  std::vector<std::string_view> names;
  for (const RuleInfo& info : diagnostics::AllRules()) {
    names.insert(names.end(), {info.code, info.slug});
  }
  const std::string_view nearest = base::Nearest(name, names);
  return Fail({base::ErrorCode::kNotFound,
               "there is no rule " + base::Quote(name) +
                   (nearest.empty() ? "; lockstep rules lists them"
                                    : "; did you mean " + base::Quote(nearest) + "?")});
}

}  // namespace

Verb RulesVerb() {
  auto self = std::make_shared<Rules>();
  return {.name = "rules",
          .summary = "List the rules that plans are checked by",
          .examples = "  lockstep rules\n  lockstep rules --format json\n",
          .arguments = {FormatArgument(self->format, {"text", "json", "markdown"})},
          .run = [self] { return self->Run(); }};
}

Verb ExplainVerb() {
  auto self = std::make_shared<Explain>();
  return {.name = "explain",
          .summary = "Explain one rule: why, what Bytebase's server does, what to do",
          .examples = "  lockstep explain LS201\n  lockstep explain dependency-cycle\n",
          .arguments = {{.name = "CODE",
                         .target = &self->name,
                         .help = "a rule's code or slug",
                         .completes = Completes::kRule,
                         .required = true},
                        FormatArgument(self->format, {"text", "json"})},
          .run = [self] { return self->Run(); }};
}

}  // namespace lockstep::cli
