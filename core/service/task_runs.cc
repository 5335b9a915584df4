#include "core/service/task_runs.h"

#include <map>

#include "core/base/text.h"

namespace lockstep::service {
namespace {

using rollout::TaskStatus;

/// "line 3: no such table: lgo; nothing of this sheet is committed": where, why and what is left.
std::string DetailOf(const rollout::TaskError& error, const std::string& left) {
  std::vector<std::string> parts;
  for (const std::string* part : {&error.message, &error.detail, &error.hint, &left}) {
    if (!part->empty()) parts.push_back(*part);
  }
  const std::string place = error.line > 0 ? "line " + std::to_string(error.line) + ": " : "";
  return place + base::Join(parts, "; ");
}

class History {
 public:
  void Add(const rollout::Event& event) {
    at_ = event.at;
    std::visit([this](const auto& fact) { Take(fact); }, event.fact);
  }
  std::vector<TaskRun> Runs() { return std::move(runs_); }

 private:
  template <class Fact>
  void Take(const Fact&) {}  // of a stage, or of the rollout
  void Take(const rollout::TaskRunCreated& fact) {
    latest_[fact.task] = runs_.size();
    TaskRun run;
    run.task = fact.task;
    run.attempt = fact.attempt;
    run.created = run.updated = at_;
    runs_.push_back(std::move(run));
  }
  void Take(const rollout::TaskRunStarted& fact) {
    TaskRun& run = Update(fact.task, TaskStatus::kRunning);
    run.started = at_;
  }
  void Take(const rollout::TaskRunWaiting& fact) {
    Update(fact.task, TaskStatus::kRunning).detail = fact.detail;
  }
  void Take(const rollout::TaskRunEnded& fact) {
    TaskRun& run = Update(fact.task, StatusOf(fact.outcome));
    if (fact.error) run.error = *fact.error;
    run.detail = DetailOf(run.error, fact.detail);
    if (fact.outcome == rollout::Outcome::kLost)
      run.detail = "IN_DOUBT: nobody knows yet what became of it: " + run.detail;
  }
  void Take(const rollout::TaskRunResolved& fact) {
    const bool committed = fact.resolution == rollout::Resolution::kCommitted;
    TaskRun& run = Update(fact.task, committed ? TaskStatus::kDone : TaskStatus::kFailed);
    run.detail = fact.detail;
    if (committed) run.error = {};
  }

  static TaskStatus StatusOf(rollout::Outcome outcome) {
    switch (outcome) {
      case rollout::Outcome::kSucceeded:
        return TaskStatus::kDone;
      case rollout::Outcome::kFailed:
        return TaskStatus::kFailed;
      case rollout::Outcome::kCanceled:
        return TaskStatus::kCanceled;
      case rollout::Outcome::kLost:
        return TaskStatus::kInDoubt;
    }
    base::CheckFailed(__FILE__, __LINE__, "outcome", "not an outcome");
  }
  TaskRun& Update(rollout::TaskIndex task, TaskStatus status) {
    TaskRun& run = runs_[latest_.at(task)];
    run.status = status;
    run.updated = at_;
    return run;
  }

  std::map<rollout::TaskIndex, std::size_t> latest_;
  std::vector<TaskRun> runs_;
  base::Instant at_;
};

}  // namespace

std::vector<TaskRun> TaskRunsOf(std::span<const rollout::Event> events) {
  History history;
  for (const rollout::Event& event : events) history.Add(event);
  return history.Runs();
}

std::vector<std::string> SkipReasonsOf(const rollout::Rollout& rollout,
                                       std::span<const rollout::Event> events) {
  std::vector<std::string> reasons(rollout.tasks.size());
  for (const rollout::Event& event : events) {
    if (const auto* skipped = std::get_if<rollout::TaskSkipped>(&event.fact))
      reasons[skipped->task.value()] = skipped->reason;
  }
  return reasons;
}

std::string_view StatusName(TaskStatus status) {
  return status == TaskStatus::kInDoubt ? "FAILED" : rollout::ToString(status);
}

}  // namespace lockstep::service
