#include "core/base/text.h"
#include "core/check/rules.h"
#include "core/names/resource_name.h"

namespace lockstep::check {
namespace {

using base::Quote;
using plan::ConfigKind;

constexpr std::string_view kDatabasePattern = "instances/{instance}/databases/{database}";
constexpr std::string_view kGroupPattern = "projects/{project}/databaseGroups/{group}";
constexpr std::string_view kInstancePattern = "instances/{instance}";
constexpr std::string_view kSheetPattern = "projects/{project}/sheets/{sheet}";

/// What follows the last "/": suggestions compare ids, or every name would be near to every other.
std::string_view IdOf(std::string_view name) {
  return name.substr(name.rfind('/') + 1);
}

template <class Items>
std::string SuggestId(Context& context, std::string_view name, const Items& items) {
  return context.Suggest(IdOf(name), items, [](const auto& item) { return IdOf(item.name.value); });
}

// ---- targets ----

void CheckMissingTarget(Context& context, const plan::Config& config) {
  const bool create = config.kind == ConfigKind::kCreateDatabase;
  context.Refuse(
      Rule::kMissingTarget, Opening(config.span),
      std::string(ToString(config.kind)) + " has no target; name " +
          (create ? std::string(kInstancePattern)
                  : std::string(kDatabasePattern) + " or " + std::string(kGroupPattern)));
}

void CheckMalformed(Context& context, const diagnostics::SpannedText& name,
                    std::string_view pattern) {
  std::string message =
      "the target " + Quote(name.value) + " " + names::ExplainMismatch(name.value, pattern);
  const bool names_project_and_instance =
      name.value.substr(0, 9) == "projects/" && name.value.find("/instances/") != name.value.npos;
  if (names_project_and_instance) message += "; write the name without the project";
  context.Refuse(Rule::kMalformedTarget, name.span, std::move(message));
}

std::string_view ExpectedPattern(ConfigKind kind, std::string_view name) {
  if (kind == ConfigKind::kCreateDatabase) return kInstancePattern;
  const bool group = name.substr(0, 9) == "projects/" && name.find("/databaseGroup") != name.npos;
  return group ? kGroupPattern : kDatabasePattern;
}

void CheckUnknownInstance(Context& context, const diagnostics::SpannedText& name,
                          std::string_view instance) {
  context.Refuse(Rule::kUnknownInstance, name.span,
                 "the inventory has no instance " + Quote(instance) +
                     SuggestId(context, instance, context.inventory.instances));
}

void CheckUnknownDatabase(Context& context, const diagnostics::SpannedText& name,
                          const Target& target) {
  if (!target.instance.valid()) {
    const std::size_t end = name.value.find('/', std::string_view("instances/").size());
    CheckUnknownInstance(context, name, name.value.substr(0, end));
    return;
  }
  const std::string_view id = IdOf(name.value);
  context.Refuse(Rule::kUnknownDatabase, name.span,
                 "the inventory has no database " + Quote(name.value) +
                     context.Suggest(id, context.inventory.databases, [&](const auto& database) {
                       const bool same_instance = database.instance == target.instance;
                       return same_instance ? database.database : std::string_view();
                     }));
}

void CheckGroup(Context& context, const diagnostics::SpannedText& name, const Target& target) {
  const std::string_view project = names::ParseDatabaseGroupName(name.value)->project;
  if (!context.project.empty() && project != context.project) {
    context.Report(Rule::kOtherProjectGroup, name.span,
                   "the group belongs to project " + Quote(project) + ", the plan to " +
                       Quote(context.project) + "; use a group of the plan's project");
  }
  if (!context.has_inventory) return;
  if (target.group == nullptr) {
    context.Refuse(Rule::kUnknownGroup, name.span,
                   "the inventory has no database group " + Quote(name.value) +
                       SuggestId(context, name.value, context.inventory.groups));
  } else if (target.is_unreadable) {
    context.expandable = false;
  } else if (target.databases.empty()) {
    context
        .Refuse(Rule::kEmptyGroup, name.span,
                "the group " + Quote(name.value) +
                    " matches no database; correct its expression or the databases' labels")
        .related.push_back({{context.inventory.source, target.group->expression.span},
                            "the group's expression",
                            {}});
  }
}

void CheckTarget(Context& context, const plan::Config& config, std::uint32_t position) {
  const diagnostics::SpannedText& name = context.plan.targets[position];
  const Target& target = context.TargetAt(position);
  const bool create = config.kind == ConfigKind::kCreateDatabase;
  if (name.value.empty()) {
    context.Refuse(
        Rule::kMissingTarget, name.span,
        "the target is empty; name " + std::string(create ? kInstancePattern : kDatabasePattern));
  } else if (target.kind == TargetKind::kDeploymentConfig) {
    context.Refuse(
        Rule::kRetiredDeploymentTarget, name.span,
        "deployment configs are no targets any more; name a database group that matches the "
        "same databases, and make each deployment a step");
  } else if (target.kind == TargetKind::kMalformed ||
             create != (target.kind == TargetKind::kInstance)) {
    CheckMalformed(context, name, ExpectedPattern(config.kind, name.value));
  } else if (target.has_empty_part) {
    context.Refuse(Rule::kEmptyNamePart, name.span,
                   "the target " + Quote(name.value) + " has an empty id in it");
  } else if (target.kind == TargetKind::kGroup) {
    CheckGroup(context, name, target);
  } else if (target.kind == TargetKind::kDatabase && target.databases.empty()) {
    CheckUnknownDatabase(context, name, target);
  } else if (target.kind == TargetKind::kInstance && !target.instance.valid()) {
    CheckUnknownInstance(context, name, name.value);
  }
}

// ---- sheets and releases ----

/// False when the name leads nowhere, whatever sheets there are.
bool CheckSheetName(Context& context, SpecIndex spec) {
  const SheetIndex sheet = context.specs[spec].sheet;
  if (sheet.valid() && context.sheet_facts[sheet].name_is_fine) return true;
  const plan::Config& config = context.plan.specs[spec].config;
  const diagnostics::SpannedText& name = config.sheet;
  const auto parsed = names::ParseSheetName(name.value);
  if (parsed && !context.project.empty() && parsed->project != context.project) {
    context.Report(Rule::kOtherProjectSheet, name.span,
                   "the sheet belongs to project " + Quote(parsed->project) + ", the plan to " +
                       Quote(context.project) + "; check that this is the sheet that was meant");
    if (IsSheetId(parsed->sheet)) return true;
  }
  if (config.type.value == plan::ChangeType::kBaseline) return false;  // a rule of its own
  context.Report(Rule::kMalformedSheetName, name.span,
                 parsed ? "the sheet " + Quote(name.value) +
                              " has no number; sheets are projects/{project}/sheets/{number}"
                        : "the sheet " + Quote(name.value) + " " +
                              names::ExplainMismatch(name.value, kSheetPattern));
  return false;
}

void CheckUnknownSheet(Context& context, SpecIndex spec) {
  const SheetIndex index = context.specs[spec].sheet;
  const plan::Config& config = context.plan.specs[spec].config;
  if (!index.valid() || context.library == nullptr) return;
  if (context.sheets[index].text.valid() || !context.sheet_runs[index].load_error.empty()) return;
  if (config.type.value == plan::ChangeType::kBaseline) return;
  const bool bare = !context.offered_sheets.empty() &&
                    context.offered_sheets.front().find('/') == std::string::npos;
  const std::string_view wanted = bare ? IdOf(config.sheet.value) : config.sheet.value;
  context.Refuse(Rule::kUnknownSheet, config.sheet.span,
                 "there is no sheet " + Quote(config.sheet.value) +
                     context.Suggest(wanted, context.offered_sheets, [](const std::string& name) {
                       return std::string_view(name);
                     }));
}

void CheckReleaseName(Context& context, const diagnostics::SpannedText& name) {
  if (name.value.empty() || names::IsReleaseName(name.value)) return;
  context.Refuse(Rule::kMalformedReleaseName, name.span,
                 "the release " + Quote(name.value) + " " +
                     names::ExplainMismatch(name.value, "projects/{project}/releases/{release}"));
}

// ---- environments ----

void CheckCreateEnvironment(Context& context, const diagnostics::SpannedText& name) {
  if (name.value.empty() || !context.has_inventory) return;
  // Bytebase trims the prefix, so a bare id works too.
  const bool full = name.value.substr(0, 13) == "environments/";
  const std::string wanted =
      full ? std::string(name.value) : "environments/" + std::string(name.value);
  if (context.inventory.FindEnvironment(wanted) != nullptr) return;
  context.Report(Rule::kUnknownCreateEnvironment, name.span,
                 "the inventory has no environment " + Quote(wanted) +
                     SuggestId(context, wanted, context.inventory.environments));
}

void CheckDeploymentEnvironments(Context& context) {
  Interner seen;
  std::vector<Span> first;
  for (const diagnostics::SpannedText& name : context.plan.deployment_environments) {
    const std::uint32_t number = seen.Add(name.value);
    if (number < first.size()) {
      context
          .Report(Rule::kDeploymentEnvironment, name.span,
                  "the environment " + Quote(name.value) + " stands in the list already")
          .related.push_back(context.RelatedAt(first[number], "the first time"));
      continue;
    }
    first.push_back(name.span);
    if (!names::ParseEnvironmentName(name.value)) {
      context.Report(Rule::kDeploymentEnvironment, name.span,
                     "the environment " + Quote(name.value) + " " +
                         names::ExplainMismatch(name.value, "environments/{environment}"));
    } else if (context.has_inventory && context.inventory.FindEnvironment(name.value) == nullptr) {
      context.Report(Rule::kDeploymentEnvironment, name.span,
                     "the inventory has no environment " + Quote(name.value) +
                         SuggestId(context, name.value, context.inventory.environments));
    }
  }
}

}  // namespace

void CheckSpecReferences(Context& context, SpecIndex spec) {
  const plan::Config& config = context.plan.specs[spec].config;
  if (config.targets.empty()) CheckMissingTarget(context, config);
  for (std::uint32_t at = config.targets.begin; at < config.targets.end; ++at) {
    CheckTarget(context, config, at);
  }
  if (config.kind == ConfigKind::kCreateDatabase) {
    CheckCreateEnvironment(context, context.plan.CreateOf(context.plan.specs[spec]).environment);
    return;
  }
  if (!config.sheet.value.empty() && CheckSheetName(context, spec))
    CheckUnknownSheet(context, spec);
  CheckReleaseName(context, config.release);
}

void CheckReferences(Context& context) {
  const diagnostics::SpannedText& name = context.plan.name;
  if (!name.value.empty() && !names::ParsePlanName(name.value)) {
    context.Report(Rule::kMalformedPlanName, name.span,
                   "the plan's name " + Quote(name.value) + " " +
                       names::ExplainMismatch(name.value, "projects/{project}/plans/{plan}"));
  }
  CheckReleaseName(context, context.plan.release);
  CheckDeploymentEnvironments(context);
}

}  // namespace lockstep::check
