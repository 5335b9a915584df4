// PreviewPlan of PlanService.
#include <algorithm>
#include <map>

#include "core/base/text.h"
#include "core/names/resource_name.h"
#include "native/service/inventory_now.h"
#include "native/service/methods.h"
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

Answer PreviewPlan(Context& context, const Call& call) {
  if (auto project = CheckProject(call.path[0]); !project.ok()) return project.error();
  const auto request = PreviewRequest::Read(call.body);
  if (!request.ok()) return request.error();
  const auto release = FindRelease(context, call.path[0], request->release);
  if (!release.ok()) return release.error();
  const auto inventory = InventoryNow::Read(context.settings);
  if (!inventory.ok()) return inventory.error();
  const auto databases = DatabasesOf((*inventory)->get(), request->targets);
  if (!databases.ok()) return databases.error();
  auto applied = AppliedVersions(context);
  if (!applied.ok()) return applied.error();
  return PreviewPlan(*request, *release,
                     StepsOf((*inventory)->get(), *databases, std::move(*applied)),
                     context.settings.semantics.version_order);
}

}  // namespace lockstep::service
