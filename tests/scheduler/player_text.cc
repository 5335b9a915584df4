#include "tests/scheduler/player_text.h"

#include <gtest/gtest.h>

#include "core/base/text.h"
#include "core/rollout/task_run.h"
#include "tests/scheduler/player.h"

namespace lockstep::scheduler_test {

using namespace rollout;  // NOLINT: this is about nothing else

namespace {

std::string Quoted(const std::string& text) {
  return text.empty() ? "" : " " + base::Quote(text);
}

std::string Number(StageIndex stage) {
  return "stage " + std::to_string(stage.value() + 1);
}

struct FactWriter {
  const State& before;
  const State& after;
  const base::IndexVector<TaskIndex, std::string>& names;

  std::string RunName(TaskIndex task) const { return RunText(names[task], after.attempt(task)); }
  // What the table of transitions says of it.
  std::string Move(TaskIndex task, Transition transition, const std::string& why = "") const {
    return RunName(task) + " " + std::string(ToString(transition)) + ": " +
           std::string(ToString(before.status(task))) + " -> " +
           std::string(ToString(after.status(task))) + Quoted(why);
  }

  std::string operator()(const RolloutStarted&) const { return "rollout started"; }
  std::string operator()(const RolloutEnded&) const { return "rollout ended"; }
  std::string operator()(const StageStarted& f) const { return Number(f.stage) + " started"; }
  std::string operator()(const StageEnded& f) const { return Number(f.stage) + " ended"; }
  std::string operator()(const RolloutPaused& f) const {
    return "rollout paused" + Quoted(f.reason);
  }
  std::string operator()(const CancelRequested& f) const {
    return RunName(f.task) + " cancel requested" + (f.pause ? " by the pause" : "") +
           Quoted(f.reason);
  }
  std::string operator()(const TaskRunWaiting& f) const {
    return RunName(f.task) + " waits" + Quoted(f.detail);
  }
  std::string operator()(const TaskRunCreated& f) const {
    return Move(f.task, Transition::kCreated);
  }
  std::string operator()(const TaskRunStarted& f) const {
    return Move(f.task, Transition::kStarted);
  }
  std::string operator()(const TaskRunEnded& f) const {
    return Move(f.task, TransitionOf(f.outcome), f.error->message + f.detail);
  }
  std::string operator()(const TaskRunResolved& f) const {
    return Move(f.task, TransitionOf(f.resolution), f.detail);
  }
  std::string operator()(const TaskSkipped& f) const {
    return Move(f.task, Transition::kSkipped, f.reason);
  }
};

}  // namespace

std::string RunText(const std::string& task, std::uint32_t attempt) {
  return attempt == 0 ? task : task + "/" + std::to_string(attempt);
}

std::string Moment(base::Instant instant) {
  std::int64_t rest = (instant - kStart).ms;
  std::string text;
  for (const auto& [unit, length] : {std::pair("h", 3'600'000), std::pair("m", 60'000),
                                     std::pair("s", 1000), std::pair("ms", 1)}) {
    if (rest >= length) text += std::to_string(rest / length) + unit;
    rest %= length;
  }
  return text.empty() ? "0s" : text;
}

base::Instant ParseMoment(const std::string& text) {
  const std::optional<base::Duration> since = base::ParseDuration(text);
  EXPECT_TRUE(since) << text << " is not a length of time";
  return kStart + since.value_or(base::Duration());
}

// Appends the event to the ledger and to the fold.
std::string Player::Write(const Event& event) {
  ledger_.push_back(ToJson(event, *rollout_));
  const base::Result<Event> stored = FromJson(ledger_.back(), *rollout_);
  EXPECT_TRUE(stored.ok() && *stored == event) << ledger_.back();
  const State before = *fold_;
  fold_->Apply(event);
  const FactWriter writer{before, *fold_, names_};
  return std::to_string(event.sequence) + " " + std::visit(writer, event.fact) + "\n";
}

std::string Player::Write(const Action& action) const {
  if (const auto* a = std::get_if<StartRun>(&action))
    return "-> start " + RunText(names_[a->task], a->attempt) + "\n";
  if (const auto* a = std::get_if<StopRun>(&action))
    return "-> stop " + RunText(names_[a->task], a->attempt) + "\n";
  const auto& resolve = std::get<ResolveRun>(action);
  return "-> resolve " + RunText(names_[resolve.task], resolve.attempt) + "\n";
}

// Infos are left out: that there are no sheets, that ids are no UUIDs.
std::string Player::Check() const {
  std::string text;
  for (const diagnostics::Diagnostic& found : workspace_->diagnostics()) {
    if (found.severity == diagnostics::Severity::kInfo) continue;
    text += std::string(diagnostics::ToString(found.severity)) + " " +
            std::string(diagnostics::Info(found.rule).slug) + ": " + found.message + "\n";
  }
  return text.empty() ? "nothing\n" : text;
}

// Every task with what orders it, and how many edges between tasks that makes.
std::string Player::Tasks() const {
  std::string text;
  std::size_t edges = 0;
  StageIndex stage;
  for (TaskIndex index : rollout_->tasks.indices()) {
    const Task& task = rollout_->tasks[index];
    if (task.stage != stage)
      text += Number(task.stage) + Quoted(rollout_->stages[task.stage].title) + "\n";
    stage = task.stage;
    text += "  " + names_[index] + " " + std::string(ToString(task.type)) + " on " +
            (task.database.valid() ? rollout_->databases[task.database].name
                                   : rollout_->instances[task.instance].name);
    std::string after;
    for (GroupIndex group : rollout_->groups[task.group].depends_on.Of(rollout_->dependencies)) {
      for (TaskIndex on : rollout_->groups[group].tasks.Of(rollout_->group_tasks)) {
        after += (after.empty() ? " after " : ", ") + names_[on];
        ++edges;
      }
    }
    text += after;
    if (task.version_rank > 0) text += " version rank " + std::to_string(task.version_rank);
    if (task.earliest.ms > 0) text += " from " + Moment(task.earliest);
    text += task.serial ? "\n" : " beside others\n";
  }
  return text + base::Plural(edges, "edge") + "\n";
}

std::string Player::Status() const {
  const State& state = scheduler_->state();
  std::string text = "rollout " + std::string(ToString(state.rollout_status())) + "\n";
  for (StageIndex stage : rollout_->stages.indices()) {
    text += Number(stage) + (state.stage_ended(stage)     ? " ended:"
                             : state.stage_started(stage) ? " started:"
                                                          : ":");
    std::string separator = " ";
    for (TaskIndex task : rollout_->stages[stage].tasks) {
      text += separator + RunText(names_[task], state.attempt(task)) + " " +
              std::string(ToString(state.status(task)));
      separator = ", ";
    }
    text += "\n";
  }
  return text;
}

std::string Player::WaitingTasks() const {
  std::string text;
  for (TaskIndex task : rollout_->tasks.indices()) {
    const TaskStatus status = scheduler_->state().status(task);
    const Waiting waiting = scheduler_->WaitingFor(task);
    const bool waits = status == TaskStatus::kPending || status == TaskStatus::kNotStarted;
    EXPECT_TRUE(waits || waiting == Waiting()) << names_[task] << " does not wait";
    if (!waits) continue;
    text += names_[task] + " waits: " + std::string(ToString(waiting.cause));
    if (waiting.by.valid()) text += " by " + names_[waiting.by];
    if (waiting.until != base::kNever) text += " until " + Moment(waiting.until);
    text += waiting.blocked ? ", BLOCKED\n" : "\n";
  }
  return text.empty() ? "nothing waits\n" : text;
}

}  // namespace lockstep::scheduler_test
