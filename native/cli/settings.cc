#include "native/cli/settings.h"

#include <chrono>

#include "core/base/text.h"
#include "core/diagnostics/render.h"
#include "core/rollout/expand.h"
#include "core/sim/simulator.h"
#include "native/report/output.h"
#include "native/runner.h"

namespace lockstep::cli {

using report::Complain;
namespace {

using base::Error;
using base::ErrorCode;
using diagnostics::Severity;

base::Result<diagnostics::SeverityOverrides> ParseRules(const std::vector<std::string>& settings) {
  diagnostics::SeverityOverrides overrides;
  for (const std::string& setting : settings) {
    const std::size_t equals = setting.find('=');
    const std::string name = setting.substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : setting.substr(equals + 1);
    const auto severity = diagnostics::ParseSeveritySetting(value);
    if (!severity) {
      return Error{ErrorCode::kInvalidArgument,
                   "--rule takes CODE=off, info, warning or error, not " + base::Quote(setting)};
    }
    const auto rule = diagnostics::FindRule(name);
    if (!rule) {
      return Error{ErrorCode::kInvalidArgument,
                   "there is no rule " + base::Quote(name) + "; lockstep rules lists them"};
    }
    overrides[*rule] = *severity;
  }
  return overrides;
}

base::Result<base::Instant> ParseStart(const std::string& text) {
  const auto timestamp = base::ParseTimestamp(text);
  if (timestamp) return base::ToInstant(*timestamp);
  return Error{ErrorCode::kInvalidArgument,
               "--start takes a time such as 2026-11-22T01:00:00Z, not " + base::Quote(text)};
}

base::Result<rollout::Pace> PaceOf(const PlanSettings& settings) {
  rollout::Pace pace{.parallel = settings.parallel, .canary = settings.canary, .max_failures = {}};
  if (!settings.max_failures) return pace;
  pace.max_failures = rollout::ParseFailureLimit(*settings.max_failures);
  if (pace.max_failures) return pace;
  return Error{ErrorCode::kInvalidArgument,
               "--max-failures takes a number of tasks such as 5, or a part of them such as 2%, "
               "not " +
                   base::Quote(*settings.max_failures)};
}

}  // namespace

void AddPlanArguments(std::vector<Argument>& arguments, PlanSettings& settings) {
  const auto semantics = plan::SemanticsNames();
  arguments.insert(arguments.end(),
                   {{.name = "--inventory",
                     .target = &settings.inventory,
                     .help = "what the plan points at (default: inventory.json beside the plan)",
                     .value = "FILE",
                     .completes = Completes::kFile},
                    {.name = "--sheets",
                     .target = &settings.sheets,
                     .help = "the folder of sheets (default: sheets/ beside the plan)",
                     .value = "DIR",
                     .completes = Completes::kFolder},
                    {.name = "--semantics",
                     .target = &settings.semantics,
                     .help = "how the plan is expanded and ordered (default: documented)",
                     .value = "NAME",
                     .choices = {semantics.begin(), semantics.end()}},
                    {.name = "--rule",
                     .target = &settings.rules,
                     .help = "off, info, warning or error for one rule; may be repeated",
                     .value = "CODE=SEVERITY",
                     .completes = Completes::kRule},
                    {.name = "--lenient",
                     .target = &settings.lenient,
                     .help = "unknown fields and enum names are warnings"}});
}

Argument PlanArgument(std::string& target) {
  return {.name = "PLAN",
          .target = &target,
          .help = "a plan document; - is standard input",
          .completes = Completes::kFile,
          .required = true};
}

Argument FormatArgument(std::string& target, std::vector<std::string_view> choices) {
  return {.name = "--format",
          .target = &target,
          .help = "how to print it",
          .value = "FORMAT",
          .choices = std::move(choices)};
}

void AddPaceArguments(std::vector<Argument>& arguments, PlanSettings& settings) {
  arguments.insert(arguments.end(),
                   {{.name = "--parallel",
                     .target = &settings.parallel,
                     .help = "at most N tasks at once (0: no limit)",
                     .value = "N"},
                    {.name = "--canary",
                     .target = &settings.canary,
                     .help = "of every spec, N databases go first; the others when those are done",
                     .value = "N"},
                    {.name = "--max-failures",
                     .target = &settings.max_failures,
                     .help = "start nothing more when more than N tasks, or N% of all, have failed",
                     .value = "N"}});
}

Argument StartArgument(PlanSettings& settings) {
  return {.name = "--start",
          .target = &settings.start,
          .help = "when the rollout starts, RFC 3339 (default: now)",
          .value = "TIME"};
}

Argument ScenarioArgument(PlanSettings& settings) {
  return {.name = "--scenario",
          .target = &settings.scenario,
          .help = "what to assume: durations, failures, commands",
          .value = "FILE",
          .completes = Completes::kFile};
}

base::Instant Now() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count()};
}

base::Result<std::unique_ptr<api::Workspace>> ReadPlan(const std::string& path,
                                                       const PlanSettings& settings) {
  base::Instant now = Now();
  if (settings.start) {
    const auto start = ParseStart(*settings.start);
    if (!start) return start.error();
    now = *start;
  }
  const auto documents = MakeDocuments(path, settings);
  if (!documents) return documents.error();
  return native::ReadDocuments(*documents, now);
}

int WithPlan(const std::string& path, const PlanSettings& settings,
             const std::function<int(const api::Workspace&)>& use) {
  const auto workspace = ReadPlan(path, settings);
  if (!workspace) return Fail(workspace.error());
  const api::Workspace& documents = **workspace;
  if (documents.checked() != nullptr) return use(documents);
  report::Stderr().Write(diagnostics::RenderText(documents.sources(), documents.diagnostics(),
                                                 report::Stderr().color()));
  return native::kExitPlanInvalid;
}

base::Result<native::Documents> MakeDocuments(const std::string& path,
                                              const PlanSettings& settings) {
  auto overrides = ParseRules(settings.rules);
  if (!overrides) return overrides.error();
  native::Documents documents;
  documents.plan = path;
  documents.inventory = settings.inventory.value_or("");
  documents.sheets = settings.sheets.value_or("");
  documents.scenario = settings.scenario.value_or("");
  documents.lenient = settings.lenient;
  documents.semantics = *plan::FindSemantics(settings.semantics);
  documents.severities = std::move(*overrides);
  auto pace = PaceOf(settings);
  if (!pace) return pace.error();
  documents.pace = *pace;
  return documents;
}

rollout::Pace PaceOf(const api::Workspace& workspace, const PlanSettings& settings) {
  // What it says is well-formed: the documents were read.
  return PaceOf(settings)->Or(workspace.scenario().pace);
}

rollout::Rollout ExpandPlan(const api::Workspace& workspace, const PlanSettings& settings) {
  rollout::ExpandOptions options;
  options.pace = PaceOf(workspace, settings);
  rollout::Rollout rollout = rollout::Expand(*workspace.checked(), options);
  sim::Constrain(rollout, workspace.scenario());
  return rollout;
}

int Fail(const base::Error& error) {
  Complain(error.message);
  return native::ExitCodeOf(error);
}

}  // namespace lockstep::cli
