// The checks of PlanService.
#include <set>

#include "core/base/text.h"
#include "core/names/resource_name.h"
#include "core/service/paging.h"
#include "native/service/inventory_now.h"
#include "native/service/methods.h"
#include "native/service/plan_checker.h"
#include "native/service/plan_checks.h"
#include "native/service/target_databases.h"

namespace lockstep::service {
namespace {

using base::Error;
using base::ErrorCode;
using ledger::Object;
using plan::ConfigKind;

/// So many runs have names that no other call's runs have.
constexpr std::size_t kMostRuns = 1'000'000;

/// Specs of which a task is DONE: what they say is history.
base::Result<std::set<std::string>> BegunSpecs(Context& context, const std::string& plan) {
  std::set<std::string> begun;
  const auto record = context.ledger.FindByPlan(plan);
  if (!record.ok()) return record.error();
  if (!*record) return begun;
  const auto live = context.rollouts.Find(context.ledger, (*record)->name);
  if (!live.ok()) return live.error();
  const rollout::Rollout& rollout = (*live)->stored->rollout();
  for (const rollout::TaskIndex task : rollout.tasks.indices()) {
    if ((*live)->stored->scheduler().state().status(task) == rollout::TaskStatus::kDone)
      begun.insert(rollout.spec_ids[rollout.tasks[task].spec]);
  }
  return begun;
}

std::vector<CheckRun::Type> TypesOf(const plan::Config& config) {
  using enum CheckRun::Type;
  if (config.kind == ConfigKind::kExportData) return {kAdvise, kConnect};
  if (config.kind != ConfigKind::kChangeDatabase) return {};
  if (config.type.value == plan::ChangeType::kBaseline) return {kConnect};
  return {kAdvise, kSummary, kConnect};
}

/// One for each spec, database and type. A target that leads nowhere any more stands for itself.
std::vector<CheckRun> RunsOf(const api::Workspace& workspace, const std::set<std::string>& begun,
                             base::Instant now) {
  std::vector<CheckRun> runs;
  const plan::Plan& plan = *workspace.plan();
  for (const plan::Spec& spec : plan.specs) {
    const std::vector<CheckRun::Type> types = TypesOf(spec.config);
    if (types.empty() || begun.count(std::string(spec.id.value))) continue;
    for (const diagnostics::SpannedText& target : plan.TargetsOf(spec)) {
      auto databases = DatabasesOf(workspace.inventory(), target.value);
      if (!databases.ok()) databases = std::vector<std::string>{std::string(target.value)};
      for (const std::string& database : *databases) {
        for (const CheckRun::Type type : types) {
          runs.push_back({.type = type,
                          .target = database,
                          .sheet = std::string(spec.config.sheet.value),
                          .detail = std::string(spec.id.value),
                          .created = now});
        }
      }
    }
  }
  return runs;
}

struct CancelRequest {
  std::vector<std::string> runs;
};
constexpr json::Field<CancelRequest> kCancelFields[] = {
    {"parent", "parent", json::Shape::kText},
    {"planCheckRuns", "plan_check_runs", json::Shape::kList, &ReadStrings<&CancelRequest::runs>},
};
constexpr json::Message<CancelRequest> kCancelMessage{"the request", kCancelFields};

/// Where a run is: its object and its index there.
base::Result<std::pair<std::int64_t, std::size_t>> FindRun(Context& context,
                                                           const std::string& plan,
                                                           const std::string& name) {
  const Error not_found{ErrorCode::kNotFound, "plan check run " + base::Quote(name) + " not found"};
  const std::string prefix = plan + "/planCheckRuns/";
  if (!name.starts_with(prefix)) return not_found;
  const auto number = names::ParseNumericId(std::string_view(name).substr(prefix.size()));
  if (!number || *number < 0) return not_found;
  auto object = context.objects.Get(Object::Kind::kPlanChecks, *number / 1'000'000);
  if (!object.ok()) return object.error();
  if (!*object || (*object)->parent != plan) return not_found;
  const auto checks = ReadChecks(std::move(**object));
  if (!checks.ok()) return checks.error();
  const auto index = static_cast<std::size_t>(*number % 1'000'000);
  if (index >= checks->runs.size()) return not_found;
  return std::pair(checks->object.number, index);
}

}  // namespace

Answer RunPlanChecks(Context& context, const Call& call) {
  const auto object = Get(context, Object::Kind::kPlan, call.path[0], call.path[1]);
  if (!object.ok()) return object.error();
  const std::string name = NameOf(*object);
  const auto workspace = ReadPlan(context, name, object->json);
  if (!workspace.ok()) return workspace.error();
  const bool inventory_is_lost =
      !context.settings.inventory.empty() && (*workspace)->inventory() == nullptr;
  if ((*workspace)->plan() == nullptr || inventory_is_lost) return ErrorsOf(**workspace).error();
  const auto begun = BegunSpecs(context, name);
  if (!begun.ok()) return begun.error();
  const std::vector<CheckRun> runs = RunsOf(**workspace, *begun, context.now);
  if (runs.size() > kMostRuns) {
    return Error{ErrorCode::kResourceExhausted,
                 "the plan has " + base::Plural(runs.size(), "check") +
                     ", and no more than 1,000,000 can be run at once; make several plans of it"};
  }
  if (runs.empty()) return std::string("{}");
  const auto checks = context.objects.Create({.kind = Object::Kind::kPlanChecks,
                                              .project = object->project,
                                              .parent = name,
                                              .created = context.now,
                                              .updated = context.now,
                                              .json = StoredCheckRuns(runs)});
  if (!checks.ok()) return checks.error();
  context.checker.Add(checks->number);
  return std::string("{}");
}

Answer ListPlanCheckRuns(Context& context, const Call& call) {
  const auto page = Page::Parse(call.Get("pageSize"), call.Get("pageToken"), 0);
  if (!page.ok()) return page.error();
  const auto plan = Get(context, Object::Kind::kPlan, call.path[0], call.path[1]);
  if (!plan.ok()) return plan.error();
  const auto checks = ListChecks(context, NameOf(*plan));
  if (!checks.ok()) return checks.error();
  std::vector<std::pair<const StoredChecks*, std::size_t>> runs;
  if (call.Is("latestOnly")) {
    runs = LatestRuns(*checks);
  } else {
    for (const StoredChecks& of_call : *checks) {
      for (std::size_t i = 0; i < of_call.runs.size(); ++i) runs.emplace_back(&of_call, i);
    }
  }
  base::JsonWriter writer;
  writer.BeginObject().Key("planCheckRuns").BeginArray();
  for (std::size_t i = page->offset; i < page->End(runs.size()); ++i) {
    const auto& [of_call, index] = runs[i];
    WriteCheckRun(writer, of_call->runs[index], CheckRunName(*of_call, index));
  }
  writer.EndArray().Member("nextPageToken", page->NextToken(runs.size()));
  return writer.EndObject().Take();
}

Answer BatchCancelPlanCheckRuns(Context& context, const Call& call) {
  const auto request = ReadMessage(call.body, kCancelMessage);
  if (!request.ok()) return request.error();
  const auto plan = Get(context, Object::Kind::kPlan, call.path[0], call.path[1]);
  if (!plan.ok()) return plan.error();
  std::map<std::int64_t, std::vector<std::size_t>> by_object;
  for (const std::string& name : request->runs) {
    const auto found = FindRun(context, NameOf(*plan), name);
    if (!found.ok()) return found.error();
    by_object[found->first].push_back(found->second);
  }
  for (const auto& [number, indices] : by_object) {
    const auto canceled =
        UpdateChecks(context, number, [&indices = indices](std::vector<CheckRun>& runs) {
          bool changed = false;
          for (const std::size_t index : indices) {
            if (runs[index].status != CheckRun::Status::kRunning) continue;
            runs[index].status = CheckRun::Status::kCanceled;
            changed = true;
          }
          return changed;
        });
    if (!canceled.ok()) return canceled.error();
  }
  return std::string("{}");
}

}  // namespace lockstep::service
