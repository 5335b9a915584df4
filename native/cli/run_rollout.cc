#include "native/cli/run_rollout.h"

#include <chrono>
#include <map>
#include <thread>

#include "core/base/json_writer.h"
#include "core/base/text.h"
#include "core/service/message.h"
#include "native/cli/plan_upload.h"
#include "native/cli/preview.h"
#include "native/report/output.h"

namespace lockstep::cli {
namespace {

constexpr auto kBetweenLooks = std::chrono::milliseconds(500);
constexpr int kLooksAtRest = 8;

base::Result<AnswerJson> Look(ApiClient& client, const std::string& rollout) {
  return Ask(client, "GET", rollout, {}, "");
}

/// Tasks of the stages that were added, by status.
struct Tasks {
  std::vector<std::string> to_ask_for;
  std::map<std::string, std::size_t> counts;
};
void Add(json::Value stage, Tasks& tasks) {
  const auto list = stage.Find("tasks");
  if (!list || list->kind() != json::Kind::kArray) return;
  for (const json::Value task : list->elements()) {
    const std::string status = AnswerJson::Text(task, "status");
    ++tasks.counts[status];
    if (status == "NOT_STARTED" || status == "FAILED" || status == "CANCELED")
      tasks.to_ask_for.push_back(AnswerJson::Text(task, "name"));
  }
}

base::Status AskForAll(ApiClient& client, const std::string& rollout) {
  const auto answer = Look(client, rollout);
  if (!answer.ok()) return answer.error();
  for (const json::Value stage : answer->root().Find("stages")->elements()) {
    Tasks tasks;
    Add(stage, tasks);
    if (tasks.to_ask_for.empty()) continue;
    base::JsonWriter writer;
    writer.BeginObject();
    service::WriteStrings(writer, "tasks", tasks.to_ask_for);
    const auto asked = Ask(client, "POST", AnswerJson::Text(stage, "name") + "/tasks:batchRun", {},
                           writer.EndObject().Take());
    if (!asked.ok()) return asked.error();
  }
  return {};
}

int Report(const Tasks& tasks) {
  std::size_t all = 0, done = 0;
  std::vector<std::string> parts;
  for (const auto& [status, count] : tasks.counts) {
    all += count;
    if (status == "DONE" || status == "SKIPPED") done += count;
    parts.push_back(std::to_string(count) + " " + status);
  }
  report::Stdout().Write(base::Plural(all, "task") + ": " + base::Join(parts, ", ") + "\n");
  return done == all ? native::kExitDone : native::kExitFailed;
}

/// Until nothing more happens: all is done, or what failed keeps the rest from starting.
int WaitFor(ApiClient& client, const std::string& rollout) {
  std::map<std::string, std::size_t> before;
  for (int unchanged = 0;; ++unchanged) {
    const auto answer = Look(client, rollout);
    if (!answer.ok()) return Fail(answer.error());
    Tasks tasks;
    for (const json::Value stage : answer->root().Find("stages")->elements()) Add(stage, tasks);
    if (tasks.counts != before) unchanged = 0;
    before = tasks.counts;
    const std::string status = answer->Text("status");
    // One that failed before was just asked for again: its runner may not have come yet.
    if (status == "DONE" || (status != "RUNNING" && unchanged >= kLooksAtRest))
      return Report(tasks);
    std::this_thread::sleep_for(kBetweenLooks);
  }
}

}  // namespace

int RunRollout(ApiClient& client, const ApiSettings& settings, const std::string& rollout) {
  if (auto asked = AskForAll(client, rollout); !asked.ok()) return Fail(asked.error());
  if (!settings.server.empty()) return WaitFor(client, rollout);
  ExecutionSettings execution_settings = settings.execution;
  execution_settings.format = settings.format;
  return Execute(execution_settings, MakeEstimate,
                 [&](const native::Execution& execution, native::RunListener& listener) {
                   return native::Resume(rollout, execution, listener);
                 });
}

}  // namespace lockstep::cli
