// RolloutService: tasks and their runs.
#include "core/service/task_runs.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "core/base/text.h"
#include "core/service/paging.h"
#include "native/service/approval.h"
#include "native/service/automatic.h"
#include "native/service/methods.h"
#include "native/service/rollout_answer.h"
#include "native/task_sessions.h"

namespace lockstep::service {
namespace {

using base::Error;
using base::ErrorCode;

struct BatchTaskRequest {
  std::vector<std::string> tasks, task_runs;
  std::string reason, run_time;
};
constexpr json::Field<BatchTaskRequest> kBatchTaskFields[] = {
    {"runTime", "run_time", json::Shape::kText, &ReadString<&BatchTaskRequest::run_time>},
    {"tasks", "tasks", json::Shape::kList, &ReadStrings<&BatchTaskRequest::tasks>},
    {"taskRuns", "task_runs", json::Shape::kList, &ReadStrings<&BatchTaskRequest::task_runs>},
    {"reason", "reason", json::Shape::kText, &ReadString<&BatchTaskRequest::reason>},
};
constexpr json::Message<BatchTaskRequest> kBatchTaskMessage{"the request", kBatchTaskFields};

using Live = std::shared_ptr<const LiveRollout>;

base::Result<Live> Find(Context& context, const Call& call) {
  return context.rollouts.Find(context.ledger, RolloutNameOf(call));
}

/// The tasks of a request. kNotFound for one that the rollout has not, or that nobody asked for the
/// stage of yet.
base::Result<std::vector<rollout::TaskIndex>> TasksOf(const LiveRollout& live,
                                                      const std::vector<std::string>& names) {
  const rollout::Rollout& rollout = live.stored->rollout();
  const std::size_t stages = StagesAskedFor(live.stored->record(), rollout);
  std::vector<rollout::TaskIndex> tasks;
  for (const std::string& name : names) {
    const auto task = rollout.FindTask(name);
    if (!task || rollout.tasks[*task].stage.value() >= stages) {
      return Error{ErrorCode::kNotFound,
                   "task " + base::Quote(name) + " not found in " + rollout.name};
    }
    tasks.push_back(*task);
  }
  return tasks;
}

/// "projects/p/rollouts/101/stages/1/tasks/3" of ".../taskRuns/2".
std::string TaskNameOf(std::string_view task_run) {
  const std::size_t end = task_run.rfind("/taskRuns/");
  return std::string(task_run.substr(0, end));
}

const TaskRun* FindRun(const LiveRollout& live, std::string_view name) {
  const rollout::Rollout& rollout = live.stored->rollout();
  const auto task = rollout.FindTask(TaskNameOf(name));
  if (!task) return nullptr;
  for (const TaskRun& run : live.runs) {
    if (run.task == *task && rollout.TaskRunName(run.task, run.attempt) == name) return &run;
  }
  return nullptr;
}

/// All by their names, for requests that name many.
std::unordered_map<std::string, const TaskRun*> RunsByName(const LiveRollout& live) {
  std::unordered_map<std::string, const TaskRun*> runs;
  for (const TaskRun& run : live.runs)
    runs.emplace(live.stored->rollout().TaskRunName(run.task, run.attempt), &run);
  return runs;
}

std::string TaskRunNameOf(const Call& call) {
  return RolloutNameOf(call) + "/stages/" + call.path[2] + "/tasks/" + call.path[3] + "/taskRuns/" +
         call.path[4];
}

}  // namespace

Answer BatchRunTasks(Context& context, const Call& call) {
  const auto request = ReadMessage(call.body, kBatchTaskMessage);
  if (!request.ok()) return request.error();
  if (request->tasks.empty())
    return Error{ErrorCode::kInvalidArgument, "the tasks in request cannot be empty"};
  if (!request->run_time.empty())
    return Error{ErrorCode::kUnimplemented,
                 "runTime is of later versions; a plan says earliestAllowedTime of its specs"};
  const auto live = Find(context, call);
  if (!live.ok()) return live.error();
  const native::StoredRollout& stored = *(*live)->stored;
  const auto tasks = TasksOf(**live, request->tasks);
  if (!tasks.ok()) return tasks.error();
  std::set<rollout::StageIndex> stages;
  for (const rollout::TaskIndex task : *tasks) stages.insert(stored.rollout().tasks[task].stage);
  if (stages.size() > 1)
    return Error{ErrorCode::kInvalidArgument, "tasks should be in the same stage"};
  const auto facts = FactsOf(context, stored.record());
  if (!facts.ok()) return facts.error();
  const auto approval = Approval::Of(context, facts->plan, *stored.workspace().checked());
  if (!approval.ok()) return approval.error();
  if (auto may = approval->Check(stored.rollout().stages[*stages.begin()]); !may.ok())
    return may.error();
  native::RunListener silent;
  const auto settled = Settle(context,
                              native::RunTasks({.rollout = stored.record().name,
                                                .tasks = request->tasks,
                                                .reason = request->reason,
                                                .digest = stored.record().digest},
                                               context.settings.execution, silent),
                              stored.record().name);
  if (!settled.ok()) return settled.error();
  return std::string("{}");
}

Answer BatchSkipTasks(Context& context, const Call& call) {
  const auto request = ReadMessage(call.body, kBatchTaskMessage);
  if (!request.ok()) return request.error();
  if (request->tasks.empty()) return std::string("{}");
  const auto live = Find(context, call);
  if (!live.ok()) return live.error();
  const auto tasks = TasksOf(**live, request->tasks);
  if (!tasks.ok()) return tasks.error();
  const std::string& name = (*live)->stored->record().name;
  native::RunListener silent;
  const auto settled =
      Settle(context,
             native::Skip({.rollout = name, .tasks = request->tasks, .reason = request->reason},
                          context.settings.execution, silent),
             name);
  if (!settled.ok()) return settled.error();
  return std::string("{}");
}

Answer BatchCancelTaskRuns(Context& context, const Call& call) {
  const auto request = ReadMessage(call.body, kBatchTaskMessage);
  if (!request.ok()) return request.error();
  if (request->task_runs.empty())
    return Error{ErrorCode::kInvalidArgument, "task runs cannot be empty"};
  const auto live = Find(context, call);
  if (!live.ok()) return live.error();
  const std::string& name = (*live)->stored->record().name;
  native::TaskSelection selection{.rollout = name, .tasks = {}, .reason = request->reason};
  const auto runs = RunsByName(**live);
  for (const std::string& task_run : request->task_runs) {
    const auto found = runs.find(task_run);
    if (found == runs.end()) continue;  // as the server does
    const TaskRun* run = found->second;
    if (run->status != rollout::TaskStatus::kPending &&
        run->status != rollout::TaskStatus::kRunning) {
      return Error{ErrorCode::kInvalidArgument,
                   "taskRun " + base::Quote(task_run) + " is not pending or running"};
    }
    selection.tasks.push_back(TaskNameOf(task_run));
  }
  if (selection.tasks.empty()) return std::string("{}");
  native::RunListener silent;
  const auto settled =
      Settle(context, native::Cancel(selection, context.settings.execution, silent), name);
  if (!settled.ok()) return settled.error();
  return std::string("{}");
}

Answer ListTaskRuns(Context& context, const Call& call) {
  const auto page = Page::Parse(call.Get("pageSize"), call.Get("pageToken"), 0);
  if (!page.ok()) return page.error();
  const auto live = Find(context, call);
  if (!live.ok()) return live.error();
  const rollout::Rollout& rollout = (*live)->stored->rollout();
  const std::string stage = rollout.name + "/stages/" + call.path[2];
  const std::string task = "/tasks/" + call.path[3];
  std::vector<const TaskRun*> runs;
  for (const TaskRun& run : (*live)->runs) {
    const bool of_stage =
        call.path[2] == "-" || rollout.StageName(rollout.tasks[run.task].stage) == stage;
    if (of_stage && (call.path[3] == "-" || rollout.TaskName(run.task).ends_with(task)))
      runs.push_back(&run);
  }
  const auto facts = FactsOf(context, (*live)->stored->record());
  if (!facts.ok()) return facts.error();
  const RolloutView view = ViewOf(**live);
  base::JsonWriter writer;
  writer.BeginObject().Key("taskRuns").BeginArray();
  for (std::size_t i = page->offset; i < page->End(runs.size()); ++i)
    WriteTaskRun(writer, view, *runs[i], *facts);
  writer.EndArray().Member("nextPageToken", page->NextToken(runs.size()));
  return writer.EndObject().Take();
}

namespace {

template <class Write>
Answer AnswerOfRun(Context& context, const Call& call, Write write) {
  const auto live = Find(context, call);
  if (!live.ok()) return live.error();
  const TaskRun* run = FindRun(**live, TaskRunNameOf(call));
  if (run == nullptr)
    return Error{ErrorCode::kNotFound, base::Quote(TaskRunNameOf(call)) + " not found"};
  base::JsonWriter writer;
  const base::Status written = write(writer, **live, *run);
  if (!written.ok()) return written.error();
  return writer.Take();
}

}  // namespace

Answer GetTaskRun(Context& context, const Call& call) {
  return AnswerOfRun(
      context, call,
      [&](base::JsonWriter& writer, const LiveRollout& live, const TaskRun& run) -> base::Status {
        const auto facts = FactsOf(context, live.stored->record());
        if (!facts.ok()) return facts.error();
        WriteTaskRun(writer, ViewOf(live), run, *facts);
        return {};
      });
}

Answer GetTaskRunLog(Context& context, const Call& call) {
  return AnswerOfRun(
      context, call,
      [](base::JsonWriter& writer, const LiveRollout& live, const TaskRun& run) -> base::Status {
        WriteTaskRunLog(writer, ViewOf(live), run);
        return {};
      });
}

/// Of one that does not run FAILED_PRECONDITION, as the server, which then knows no connection.
Answer GetTaskRunSession(Context& context, const Call& call) {
  return AnswerOfRun(
      context, call,
      [&](base::JsonWriter& writer, const LiveRollout& live, const TaskRun& run) -> base::Status {
        const std::string name = live.stored->rollout().TaskRunName(run.task, run.attempt);
        if (run.status != rollout::TaskStatus::kRunning) {
          return Error{ErrorCode::kFailedPrecondition,
                       base::Quote(name) + " is " + std::string(StatusName(run.status)) +
                           ": only one that is RUNNING has a session"};
        }
        const auto turn = context.turns.Take();
        if (turn == nullptr) {
          return Error{ErrorCode::kResourceExhausted,
                       "other requests wait for answers of databases; try again"};
        }
        process::Loop loop;
        const auto sessions =
            native::AskSessions(loop, *live.stored, run.task, context.settings.execution);
        if (!sessions.ok()) return sessions.error();
        const auto told = Body::Parse(*sessions);
        if (!told.ok())
          return Error{ErrorCode::kUnavailable, "what the server told is not understood"};
        writer.BeginObject().Member("name", name + "/session").Key("postgres");
        WriteValue(writer, (*told)->root());
        writer.EndObject();
        return {};
      });
}

/// As the server answers for a run that left no prior backup: here none does.
Answer PreviewTaskRunRollback(Context& context, const Call& call) {
  return AnswerOfRun(context, call,
                     [](base::JsonWriter&, const LiveRollout& live, const TaskRun& run) {
                       const std::string name =
                           live.stored->rollout().TaskRunName(run.task, run.attempt);
                       const bool done = run.status == rollout::TaskStatus::kDone;
                       return base::Status(Error{
                           ErrorCode::kInvalidArgument,
                           "task run " + base::Quote(name) +
                               (done ? " has no rollback: Lockstep makes no prior backups"
                                     : " is not done")});
                     });
}

}  // namespace lockstep::service
