// EnvironmentService, InstanceService, OrgPolicyService and ProjectService, as far as they read.
#include "core/base/text.h"
#include "core/service/filter.h"
#include "core/service/inventory_messages.h"
#include "native/service/inventory_now.h"
#include "native/service/methods.h"
#include "native/service/page_answer.h"

namespace lockstep::service {
namespace {

using base::Error;
using base::ErrorCode;
using inventory::EnvironmentIndex;
using inventory::InstanceIndex;
using inventory::Inventory;
using Values = std::vector<std::string>;

constexpr std::string_view kPolicyType = "rollout_policy";

base::Result<EnvironmentIndex> FindEnvironment(const InventoryNow& now, const std::string& id) {
  const std::string name = "environments/" + id;
  const auto& known = now.inventory().environment_by_name;
  const auto found = known.find(name);
  if (found == known.end()) return now.NotFound(name);
  return found->second;
}

constexpr std::string_view kInstanceFields[] = {"name",   "resource_id", "environment", "state",
                                                "engine", "host",        "port"};

Values FieldOf(const inventory::Instance& instance, std::string_view field) {
  if (field == "name") return {std::string(TitleOf(instance.title, instance.name.value))};
  if (field == "resource_id") return {std::string(IdOf(instance.name.value))};
  if (field == "environment") return {std::string(instance.environment.value)};
  if (field == "engine") return {std::string(sql::Facts(instance.engine.value).name)};
  if (field == "state") return {"ACTIVE"};
  Values values;
  for (const inventory::DataSource& source : instance.data_sources)
    values.emplace_back(field == "host" ? source.host.value : source.port.value);
  return values;
}

}  // namespace

Answer GetEnvironment(Context& context, const Call& call) {
  const auto now = InventoryNow::Read(context.settings);
  if (!now.ok()) return now.error();
  const auto index = FindEnvironment(**now, call.path[0]);
  if (!index.ok()) return index.error();
  base::JsonWriter writer;
  WriteEnvironment(writer, (*now)->inventory(), *index);
  return writer.Take();
}

Answer ListEnvironments(Context& context, const Call& call) {
  const auto now = InventoryNow::Read(context.settings);
  if (!now.ok()) return now.error();
  const auto page = PageOf(call, kEverything);
  if (!page.ok()) return page.error();
  std::vector<EnvironmentIndex> all;
  for (const EnvironmentIndex index : (*now)->inventory().environments.indices())
    all.push_back(index);
  return WritePage("environments", all, *page, [&](auto& writer, EnvironmentIndex index) {
    WriteEnvironment(writer, (*now)->inventory(), index);
  });
}

Answer GetPolicy(Context& context, const Call& call) {
  const auto now = InventoryNow::Read(context.settings);
  if (!now.ok()) return now.error();
  const auto index = FindEnvironment(**now, call.path[0]);
  if (!index.ok()) return index.error();
  if (!base::EqualsIgnoreCaseAscii(call.path[1], kPolicyType)) {
    return Error{ErrorCode::kNotFound, "there is no policy " + base::Quote(call.path[1]) +
                                           "; environments have a rollout_policy"};
  }
  base::JsonWriter writer;
  WriteRolloutPolicy(writer, (*now)->inventory().environments[*index]);
  return writer.Take();
}

Answer ListPolicies(Context& context, const Call& call) {
  const auto policy = GetPolicy(context, {.path = {call.path[0], std::string(kPolicyType)},
                                          .query = {},
                                          .body = "",
                                          .user = call.user});
  if (!policy.ok()) return policy.error();
  base::JsonWriter writer;
  writer.BeginObject().Key("policies").BeginArray().Raw(*policy).EndArray();
  return writer.Member("nextPageToken", "").EndObject().Take();
}

Answer GetInstance(Context& context, const Call& call) {
  const auto now = InventoryNow::Read(context.settings);
  if (!now.ok()) return now.error();
  const std::string name = "instances/" + call.path[0];
  const InstanceIndex index = (*now)->inventory().FindInstance(name);
  if (!index.valid()) return (*now)->NotFound(name);
  base::JsonWriter writer;
  WriteInstance(writer, (*now)->inventory().instances[index]);
  return writer.Take();
}

Answer ListInstances(Context& context, const Call& call) {
  const auto now = InventoryNow::Read(context.settings);
  if (!now.ok()) return now.error();
  const auto page = PageOf(call);
  if (!page.ok()) return page.error();
  const auto filter = Filter::Parse(call.Get("filter"), kInstanceFields);
  if (!filter.ok()) return filter.error();
  std::vector<const inventory::Instance*> fitting;
  for (const inventory::Instance& instance : (*now)->inventory().instances) {
    if (filter->Matches([&](auto field) { return FieldOf(instance, field); }))
      fitting.push_back(&instance);
  }
  return WritePage("instances", fitting, *page, [](auto& writer, const inventory::Instance* one) {
    WriteInstance(writer, *one);
  });
}

Answer GetProject(Context&, const Call& call) {
  if (auto project = CheckProject(call.path[0]); !project.ok()) return project.error();
  base::JsonWriter writer;
  WriteProject(writer, call.path[0]);
  return writer.Take();
}

}  // namespace lockstep::service
