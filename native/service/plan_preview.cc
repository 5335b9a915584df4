// PreviewPlan of PlanService.
#include <algorithm>
#include <map>

#include "core/base/text.h"
#include "core/names/resource_name.h"
#include "native/service/inventory_now.h"
#include "native/service/methods.h"
#include "native/service/plan_of_release.h"
#include "native/service/revisions.h"
#include "native/service/target_databases.h"

namespace lockstep::service {
namespace {

base::Result<Release> FindRelease(Context& context, const std::string& project,
                                  const std::string& name) {
  const std::string prefix = "projects/" + project + "/releases/";
  if (!name.starts_with(prefix)) {
    return base::Error{
        base::ErrorCode::kInvalidArgument,
        "release " + base::Quote(name) + " is not of the form " + prefix + "{release}"};
  }
  const auto object =
      Get(context, ledger::Object::Kind::kRelease, project, name.substr(prefix.size()));
  if (!object.ok()) return object.error();
  auto release = Release::Read(object->json);
  if (release.ok() && release->deleted) {
    return base::Error{base::ErrorCode::kFailedPrecondition,
                       "release " + base::Quote(name) + " is deleted; undelete it first"};
  }
  return release;
}

/// One step for each environment, in their order, so that a step is a stage whatever the semantics;
/// databases without an environment come last.
std::vector<std::vector<PreviewDatabase>> StepsOf(
    const inventory::Inventory* inventory, const std::vector<std::string>& databases,
    std::map<std::string, std::vector<AppliedVersion>> applied) {
  std::map<inventory::EnvironmentIndex, std::vector<PreviewDatabase>> by_environment;
  for (const std::string& name : databases) {
    inventory::EnvironmentIndex environment;
    if (inventory != nullptr) environment = inventory->EnvironmentOf(inventory->FindDatabase(name));
    by_environment[environment].push_back({name, std::move(applied[name])});
  }
  std::vector<std::vector<PreviewDatabase>> steps;
  for (auto& [environment, of_environment] : by_environment)
    steps.push_back(std::move(of_environment));
  return steps;
}

}  // namespace

Answer PreviewOf(Context& context, const std::string& project, const PreviewRequest& request) {
  const auto release = FindRelease(context, project, request.release);
  if (!release.ok()) return release.error();
  const auto inventory = InventoryNow::Read(context.settings);
  if (!inventory.ok()) return inventory.error();
  const auto databases = DatabasesOf((*inventory)->get(), request.targets);
  if (!databases.ok()) return databases.error();
  auto applied = AppliedVersions(context);
  if (!applied.ok()) return applied.error();
  return PreviewPlan(request, *release,
                     StepsOf((*inventory)->get(), *databases, std::move(*applied)),
                     context.settings.semantics.version_order);
}

Answer PreviewPlan(Context& context, const Call& call) {
  if (auto project = CheckProject(call.path[0]); !project.ok()) return project.error();
  const auto request = PreviewRequest::Read(call.body);
  if (!request.ok()) return request.error();
  return PreviewOf(context, call.path[0], *request);
}

namespace {

struct Preview {
  std::string plan;
};
constexpr json::Field<Preview> kPreviewFields[] = {
    {"plan", "plan", json::Shape::kObject, &ReadRaw<&Preview::plan>},
};
constexpr json::Message<Preview> kPreviewMessage{"a preview", kPreviewFields};

}  // namespace

base::Result<std::optional<std::string>> PlanOfRelease(Context& context, const std::string& project,
                                                       const plan::Plan& plan) {
  const auto names_release = [](const plan::Spec& spec) {
    return !spec.config.release.value.empty() && spec.config.sheet.value.empty();
  };
  if (std::none_of(plan.specs.begin(), plan.specs.end(), names_release))
    return std::optional<std::string>();
  if (plan.specs.size() > 1) {
    return base::Error{base::ErrorCode::kInvalidArgument,
                       "a plan has at most one spec with a release, and no other beside it"};
  }
  const plan::Spec& spec = *plan.specs.begin();
  PreviewRequest request{.release = std::string(spec.config.release.value), .targets = {}};
  for (const plan::SpannedText& target : plan.TargetsOf(spec))
    request.targets.emplace_back(target.value);
  const auto preview = PreviewOf(context, project, request);
  if (!preview.ok()) return preview.error();
  auto read = ReadMessage(*preview, kPreviewMessage);
  if (!read.ok()) return read.error();
  return std::optional(std::move(read->plan));
}

}  // namespace lockstep::service
