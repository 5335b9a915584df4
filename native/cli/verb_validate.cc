// validate: all findings of all plans, in one pass.
#include <cstdlib>
#include <set>
#include <string>
#include <tuple>

#include "core/diagnostics/render.h"
#include "native/cli/settings.h"
#include "native/report/output.h"
#include "native/runner.h"

namespace lockstep::cli {

using report::Stdout;
namespace {

using diagnostics::Diagnostic;
using diagnostics::SourceId;
using diagnostics::Sources;

struct Validate {
  std::vector<std::string> plans;
  std::string format;
  PlanSettings settings;

  int Run() const;
};

/// Findings of several plans over one list of sources.
struct Findings {
  Sources sources;
  std::vector<Diagnostic> diagnostics;
  bool has_errors = false;

  void Add(const api::Workspace& workspace);

 private:
  bool IsNew(const Diagnostic& finding);

  // Plans share inventories and sheets, and so what is wrong with them.
  std::set<std::tuple<std::string, diagnostics::Span, diagnostics::Rule, std::string>> seen_;
};

bool Findings::IsNew(const Diagnostic& finding) {
  return seen_
      .insert(
          {sources[finding.place.source].name(), finding.place.span, finding.rule, finding.message})
      .second;
}

void Findings::Add(const api::Workspace& workspace) {
  has_errors = has_errors || workspace.has_errors();
  // Copies share the sources' text, so a first plan costs nothing, however large it is.
  if (sources.size() == 0) {
    sources = workspace.sources();
    diagnostics = workspace.diagnostics();
    for (const Diagnostic& finding : diagnostics) IsNew(finding);
    return;
  }
  std::vector<SourceId> ids;
  for (SourceId id : workspace.sources().indices())
    ids.push_back(sources.Add(workspace.sources()[id]));
  for (Diagnostic finding : workspace.diagnostics()) {
    finding.place.source = ids[finding.place.source.value()];
    for (auto& related : finding.related) related.place.source = ids[related.place.source.value()];
    for (auto& fix : finding.fixes) {
      for (auto& edit : fix.edits) edit.place.source = ids[edit.place.source.value()];
    }
    if (IsNew(finding)) diagnostics.push_back(std::move(finding));
  }
}

std::string RenderFindings(const Findings& findings, const std::string& format) {
  if (format == "json")
    return diagnostics::RenderJson(findings.sources, findings.diagnostics) + "\n";
  if (format == "sarif") {
    return diagnostics::RenderSarif(findings.sources, findings.diagnostics, LOCKSTEP_VERSION) +
           "\n";
  }
  if (format == "gitlab")
    return diagnostics::RenderGitlab(findings.sources, findings.diagnostics) + "\n";
  if (format == "github") return diagnostics::RenderGithub(findings.sources, findings.diagnostics);
  return diagnostics::RenderText(findings.sources, findings.diagnostics, Stdout().color());
}

/// Without --format: GitHub's annotations where GitHub reads them, else text.
std::string DefaultFormat() {
  const char* github = std::getenv("GITHUB_ACTIONS");
  return github != nullptr && std::string_view(github) == "true" ? "github" : "text";
}

int Validate::Run() const {
  Findings findings;
  int unreadable = native::kExitDone;
  for (const std::string& plan : plans) {
    auto workspace = ReadPlan(plan, settings);
    workspace ? findings.Add(**workspace) : void(unreadable = Fail(workspace.error()));
  }
  if (unreadable != native::kExitDone && findings.sources.size() == 0) return unreadable;
  const std::string chosen = format.empty() ? DefaultFormat() : format;
  Stdout().Write(RenderFindings(findings, chosen));
  if (chosen == "text" && findings.diagnostics.empty()) {
    Stdout().Write(plans.size() == 1
                       ? "no findings\n"
                       : "no findings in " + std::to_string(plans.size()) + " plans\n");
  }
  if (unreadable != native::kExitDone) return unreadable;
  return findings.has_errors ? native::kExitFailed : native::kExitDone;
}

}  // namespace

Verb ValidateVerb() {
  auto self = std::make_shared<Validate>();
  Verb verb{.name = "validate",
            .summary = "Tell everything that is wrong with plans, with its place",
            .examples =
                "  lockstep validate plan.json\n"
                "  lockstep validate plans/*.json --format sarif > findings.sarif\n"
                "  lockstep validate plan.json --format gitlab > gl-code-quality-report.json\n"
                "  generate-plan | lockstep validate - --rule unused-sheet=off\n",
            .run = [self] { return self->Run(); }};
  verb.arguments = {{.name = "PLAN",
                     .target = &self->plans,
                     .help = "plan documents; - is standard input",
                     .completes = Completes::kFile,
                     .required = true},
                    FormatArgument(self->format, {"text", "json", "sarif", "github", "gitlab"})};
  AddPlanArguments(verb.arguments, self->settings);
  return verb;
}

}  // namespace lockstep::cli
