// RolloutService: rollouts and their stages.
#include "core/service/rollout.h"

#include "core/base/text.h"
#include "core/names/resource_name.h"
#include "core/service/paging.h"
#include "native/documents.h"
#include "native/report/export.h"
#include "native/service/automatic.h"
#include "native/service/issue_of_plan.h"
#include "native/service/methods.h"
#include "native/service/rollout_answer.h"
#include "native/task_table.h"

namespace lockstep::service {
namespace {

using base::Error;
using base::ErrorCode;
using ledger::Object;

struct CreateRolloutRequest {
  std::string plan, title;
};
constexpr json::Field<CreateRolloutRequest> kCreateRolloutFields[] = {
    {"plan", "plan", json::Shape::kText, &ReadString<&CreateRolloutRequest::plan>},
    {"title", "title", json::Shape::kText, &ReadString<&CreateRolloutRequest::title>},
};
constexpr json::Message<CreateRolloutRequest> kCreateRolloutMessage{"a rollout",
                                                                    kCreateRolloutFields};

/// How many stages a request asks for: up to that of `target` ("environments/test") or of `stageId`
/// ("test"), all without either, none for an empty one (plan-semantics §3.7).
base::Result<std::size_t> StagesUpTo(const Call& call, const rollout::Rollout& rollout) {
  const auto target = call.Find("target");
  const auto stage_id = call.Find("stageId");
  if (!target && !stage_id) return rollout.stages.size();
  if (target.value_or("").empty() && stage_id.value_or("").empty()) return std::size_t{0};
  const std::string wanted = target ? *target : "environments/" + *stage_id;
  std::size_t stages = 0;
  std::vector<std::string> known;
  for (const rollout::StageIndex stage : rollout.stages.indices()) {
    known.push_back(rollout.stages[stage].environment);
    if (rollout.stages[stage].environment == wanted) stages = stage.value() + 1;
  }
  if (stages > 0) return stages;
  return Error{ErrorCode::kInvalidArgument, base::Quote(wanted) +
                                                " is the environment of no stage; stages are of " +
                                                base::Join(known, ", ")};
}

/// A plan as text, understood, and its rollout by the name of none.
struct Drawn {
  std::unique_ptr<api::Workspace> workspace;
  native::ReadOptions options;
  rollout::Rollout rollout;
};
base::Result<Drawn> Draw(Context& context, const std::string& project, std::string plan) {
  auto workspace = ReadPlan(context, "plan", std::move(plan));
  if (!workspace.ok()) return workspace.error();
  if (auto errors = ErrorsOf(**workspace); !errors.ok()) return errors.error();
  Drawn drawn{std::move(*workspace), OptionsOf(context.settings), {}};
  drawn.rollout =
      drawn.options.Expand(*drawn.workspace->checked(), "projects/" + project + "/rollouts/0");
  if (drawn.rollout.tasks.size() == 0)
    return Error{ErrorCode::kInvalidArgument,
                 "plan has no stage created, hint: check that its targets match databases"};
  return drawn;
}

std::string PreviewAnswer(const Drawn& drawn, const std::string& plan, std::size_t stages) {
  const rollout::Scheduler scheduler(drawn.rollout);
  const std::vector<std::string> reasons(drawn.rollout.tasks.size());
  base::JsonWriter writer;
  WriteRollout(writer, {*drawn.workspace->checked(), drawn.rollout, scheduler, reasons},
               {.name = drawn.rollout.name,
                .plan = plan,
                .issue = "",
                .title = drawn.rollout.title,
                .creator = "",
                .stages = stages});
  return writer.Take();
}

/// What a runner would refuse as a whole is refused before there is a rollout. What cannot be
/// reached now fails its own tasks later.
base::Status CheckExecutable(const Context& context, const Drawn& drawn) {
  native::Execution execution = context.settings.execution;
  execution.targets_answered = true;
  native::TaskTable tasks(*drawn.workspace, drawn.rollout, drawn.options.inventory_folder,
                          execution);
  process::Loop loop;
  const auto problems = tasks.Check(rollout::State(drawn.rollout), loop);
  if (!problems.not_allowed.empty())
    return Error{ErrorCode::kPermissionDenied, base::Join(problems.not_allowed, "; ")};
  if (!problems.not_executable.empty())
    return Error{ErrorCode::kFailedPrecondition, base::Join(problems.not_executable, "; ")};
  return {};
}

/// Of the plan as it was read; kUnavailable when somebody has changed it since.
base::Result<ledger::RolloutRecord> MakeRollout(Context& context, const Call& call, Drawn& drawn,
                                                const CreateRolloutRequest& request,
                                                const Object& plan, std::size_t stages) {
  if (auto executable = CheckExecutable(context, drawn); !executable.ok())
    return executable.error();
  auto options = drawn.options.ToStored();
  options[ledger::kPlanOption] = request.plan;
  options[kCreatorOption] = call.user;
  options[kStagesOption] = std::to_string(stages);
  return context.ledger.Create(
      {.project = call.path[0],
       .digest = drawn.rollout.digest,
       .title = request.title.empty() ? drawn.rollout.title : request.title,
       .created = context.now,
       .options = std::move(options),
       .documents = native::DocumentsOf(*drawn.workspace),
       .plan = ledger::PlanRevision{plan.number, plan.revision}});
}

/// Further stages of a rollout that is there; never fewer. They are those that it has: the
/// inventory may say something else by now.
base::Status AddStages(Context& context, const Call& call, const ledger::RolloutRecord& record) {
  const auto live = context.rollouts.Find(context.ledger, record.name);
  if (!live.ok()) return live.error();
  const rollout::Rollout& rollout = (*live)->stored->rollout();
  const auto stages = StagesUpTo(call, rollout);
  if (!stages.ok()) return stages.error();
  if (*stages <= StagesAskedFor((*live)->stored->record(), rollout)) return {};
  return context.ledger.SetOption(record.id, kStagesOption, std::to_string(*stages));
}

Answer Create(Context& context, const Call& call, CreateRolloutRequest request) {
  const auto plan = FindPlan(context, request.plan);
  if (!plan.ok()) return plan.error();
  request.plan = NameOf(*plan);  // as it is known by: "-" and 0101 are understood, too
  const bool is_preview = call.Is("validateOnly");
  auto record = context.ledger.FindByPlan(request.plan);
  if (!record.ok()) return record.error();
  if (is_preview || !*record) {
    auto drawn = Draw(context, call.path[0], plan->json);
    if (!drawn.ok()) return drawn.error();
    const auto stages = StagesUpTo(call, drawn->rollout);
    if (!stages.ok()) return stages.error();
    if (is_preview) return PreviewAnswer(*drawn, request.plan, *stages);
    auto made = MakeRollout(context, call, *drawn, request, *plan, *stages);
    if (!made.ok()) return made.error();
    *record = std::move(*made);
  }
  if (auto added = AddStages(context, call, **record); !added.ok()) return added.error();
  if (auto asked = AskForAutomaticTasks(context, (*record)->name); !asked.ok())
    return asked.error();
  return RolloutAnswer(context, (*record)->name);
}

}  // namespace

Answer CreateRollout(Context& context, const Call& call) {
  if (auto project = CheckProject(call.path[0]); !project.ok()) return project.error();
  const auto request = ReadMessage(call.body, kCreateRolloutMessage);
  if (!request.ok()) return request.error();
  return Create(context, call, std::move(*request));
}

/// Of 3.14 and later: the plan is in the path.
Answer CreatePlanRollout(Context& context, const Call& call) {
  auto request = ReadMessage(call.body, kCreateRolloutMessage);
  if (!request.ok()) return request.error();
  request->plan = "projects/" + call.path[0] + "/plans/" + call.path[1];
  return Create(context, call, std::move(*request));
}

namespace {

struct PreviewRequest {
  std::string plan;
};
constexpr json::Field<PreviewRequest> kPreviewRolloutFields[] = {
    {"plan", "plan", json::Shape::kObject, &ReadRaw<&PreviewRequest::plan>},
};
constexpr json::Message<PreviewRequest> kPreviewRolloutMessage{"the request",
                                                               kPreviewRolloutFields};

}  // namespace

Answer PreviewRollout(Context& context, const Call& call) {
  if (auto project = CheckProject(call.path[0]); !project.ok()) return project.error();
  const auto request = ReadMessage(call.body, kPreviewRolloutMessage);
  if (!request.ok()) return request.error();
  auto drawn = Draw(context, call.path[0], request->plan);
  if (!drawn.ok()) return drawn.error();
  return PreviewAnswer(*drawn, "", drawn->rollout.stages.size());
}

Answer GetRollout(Context& context, const Call& call) {
  return RolloutAnswer(context, RolloutNameOf(call));
}

Answer GetPlanRollout(Context& context, const Call& call) {
  const auto object = Get(context, Object::Kind::kPlan, call.path[0], call.path[1]);
  if (!object.ok()) return object.error();
  const std::string plan = NameOf(*object);
  const auto record = context.ledger.FindByPlan(plan);
  if (!record.ok()) return record.error();
  if (!*record) return Error{ErrorCode::kNotFound, base::Quote(plan) + " has no rollout yet"};
  return RolloutAnswer(context, (*record)->name);
}

Answer ListRollouts(Context& context, const Call& call) {
  const auto page = Page::Parse(call.Get("pageSize"), call.Get("pageToken"));
  if (!page.ok()) return page.error();
  auto records = context.ledger.List();
  if (!records.ok()) return records.error();
  const std::string prefix = "projects/" + call.path[0] + "/";
  std::erase_if(*records, [&](const ledger::RolloutRecord& record) {
    return call.path[0] != "-" && !record.name.starts_with(prefix);
  });
  std::reverse(records->begin(), records->end());
  base::JsonWriter writer;
  writer.BeginObject().Key("rollouts").BeginArray();
  for (std::size_t i = page->offset; i < page->End(records->size()); ++i) {
    const auto written = WriteHead(context, writer, (*records)[i]);
    if (!written.ok()) return written.error();
  }
  writer.EndArray().Member("nextPageToken", page->NextToken(records->size()));
  return writer.EndObject().Take();
}

Answer ExportRollout(Context& context, const Call& call) {
  const auto record = context.ledger.Find(RolloutNameOf(call));
  if (!record.ok()) return record.error();
  return report::ExportJson(context.ledger, *record);
}

}  // namespace lockstep::service
