#include "core/sim/history.h"

#include "core/rollout/scheduler.h"

namespace lockstep::sim {

using rollout::Event;
using rollout::Input;
using rollout::Outcome;
using rollout::Rollout;
using rollout::TaskIndex;
using rollout::TaskStatus;

namespace {

/// Puts to a scheduler what must have come from outside, and compares what it makes of it.
class Retracer {
 public:
  Retracer(const Rollout& rollout, std::span<const Event> events)
      : rollout_(rollout), events_(events), scheduler_(std::in_place, rollout) {}

  std::optional<Divergence> Retrace() {
    // Where a runner stopped to do as the rules decide. It may have left without a trace: then
    // commands follow that somebody gave while nobody was at work, and nothing else.
    std::optional<Divergence> stopped;
    while (next_ < events_.size()) {
      const std::size_t before = next_;
      if (IsStart(events_[next_])) {
        if (next_ > 0) TakeOver();
        stopped.reset();
      }
      const Input input = InputBehind(events_[next_]);
      if (stopped && !NeedsNoRunner(input)) return stopped;
      std::optional<std::string> wrong = Step(input);
      if (!wrong && next_ == before) wrong = "nothing led to it";
      if (!wrong) continue;
      if (stopped) return stopped;
      stopped = Divergence{events_[next_].sequence, std::move(*wrong)};
      TakeOver();
    }
    return std::nullopt;
  }

 private:
  /// What the rules decide on instead of the next event, if they do.
  std::optional<std::string> Step(const Input& input) {
    const rollout::Ready ready = scheduler_->Step(events_[next_].at, input);
    for (const Event& decided : ready.events) {
      // A runner that vanished took what it had just decided with it.
      if (next_ == events_.size() || (next_ > 0 && IsStart(events_[next_]) && !IsStart(decided)))
        break;
      if (!AreSame(decided, events_[next_]))
        return "the rules decide on " + rollout::ToJson(decided, rollout_);
      ++next_;
    }
    return std::nullopt;
  }

  static bool NeedsNoRunner(const Input& input) {
    return std::holds_alternative<rollout::RunTasks>(input) ||
           std::holds_alternative<rollout::Skip>(input) ||
           std::holds_alternative<rollout::Cancel>(input) ||
           std::holds_alternative<rollout::Pause>(input);
  }

  /// What a runner begins with is no decision, and older ledgers do not tell the policy.
  static bool AreSame(const Event& decided, const Event& recorded) {
    return decided.fact == recorded.fact || (IsStart(decided) && IsStart(recorded));
  }

  static bool IsStart(const Event& event) {
    return std::holds_alternative<rollout::RolloutStarted>(event.fact);
  }

  /// Whoever comes next knows what is recorded, and nothing else.
  void TakeOver() {
    auto resumed = rollout::Scheduler::Resume(rollout_, events_.first(next_));
    scheduler_.emplace(std::move(resumed.value()));
  }

  /// What led to an event that the scheduler has not decided on by itself.
  Input InputBehind(const Event& event) const {
    if (const auto* started = std::get_if<rollout::RolloutStarted>(&event.fact))
      return rollout::Begin{started->runner, RunsAtWork()};
    if (const auto* waiting = std::get_if<rollout::TaskRunWaiting>(&event.fact))
      return rollout::RunWaiting{waiting->task, waiting->attempt, waiting->detail};
    if (const auto* ended = std::get_if<rollout::TaskRunEnded>(&event.fact)) return End(*ended);
    if (const auto* resolved = std::get_if<rollout::TaskRunResolved>(&event.fact)) {
      if (IsForSkip(next_)) return Skips();
      return rollout::RunResolved{resolved->task, resolved->attempt, resolved->resolution,
                                  resolved->detail};
    }
    if (std::holds_alternative<rollout::TaskSkipped>(event.fact)) return Skips();
    if (std::holds_alternative<rollout::TaskRunCreated>(event.fact)) return Runs();
    if (const auto* cancel = std::get_if<rollout::CancelRequested>(&event.fact)) {
      if (cancel->pause) return rollout::Pause{cancel->reason, true};
      return Cancels(cancel->reason);
    }
    if (const auto* paused = std::get_if<rollout::RolloutPaused>(&event.fact))
      return rollout::Pause{paused->reason, CancelsForPauseNext()};
    return rollout::Tick{};  // time has come
  }

  Input End(const rollout::TaskRunEnded& ended) const {
    if (scheduler_->state().status(ended.task) == TaskStatus::kPending)
      return IsForSkip(next_) ? Skips() : Cancels(ended.detail);
    return rollout::RunEnded{ended.task, ended.attempt, ended.outcome, *ended.error, ended.detail};
  }

  /// Those that go on: running, and not told to be lost just after a runner began.
  std::vector<rollout::RunAtWork> RunsAtWork() const {
    const rollout::State& state = scheduler_->state();
    std::vector<bool> lost(rollout_.tasks.size(), false);
    for (std::size_t at = next_ + 1; at < events_.size(); ++at) {
      if (std::holds_alternative<rollout::RolloutStarted>(events_[at].fact)) break;
      const auto* ended = std::get_if<rollout::TaskRunEnded>(&events_[at].fact);
      if (ended == nullptr || ended->error->code != rollout::kRunnerLost) break;
      lost[ended->task.value()] = true;
    }
    std::vector<rollout::RunAtWork> at_work;
    for (const TaskIndex task : rollout_.tasks.indices()) {
      if (state.status(task) == TaskStatus::kRunning && !lost[task.value()])
        at_work.push_back({task, state.attempt(task)});
    }
    return at_work;
  }

  /// Whether the event ends a run only because its task is skipped. That follows, but where the
  /// runner vanished in between.
  bool IsForSkip(std::size_t at) const {
    const auto* ended = std::get_if<rollout::TaskRunEnded>(&events_[at].fact);
    const auto* resolved = std::get_if<rollout::TaskRunResolved>(&events_[at].fact);
    const bool says_so = (ended != nullptr && ended->detail == rollout::kSkippedDetail) ||
                         (resolved != nullptr && resolved->detail == rollout::kSkippedDetail);
    if (!says_so || IsCutOff(at)) return says_so;
    const auto* skipped = std::get_if<rollout::TaskSkipped>(&events_[at + 1].fact);
    return skipped != nullptr && skipped->task == rollout::TaskOf(events_[at].fact) &&
           events_[at + 1].at == events_[at].at;
  }

  bool IsCutOff(std::size_t at) const {
    return at + 1 == events_.size() || IsStart(events_[at + 1]);
  }

  bool CancelsForPauseNext() const {
    if (next_ + 1 >= events_.size()) return false;
    const auto* cancel = std::get_if<rollout::CancelRequested>(&events_[next_ + 1].fact);
    return cancel != nullptr && cancel->pause;
  }

  // A command for several tasks is recorded as one event after the other.
  Input Skips() const {
    rollout::Skip skip{{}, ""};
    for (std::size_t at = next_; at < events_.size() && events_[at].at == events_[next_].at; ++at) {
      const TaskIndex task = rollout::TaskOf(events_[at].fact);
      const auto* skipped = std::get_if<rollout::TaskSkipped>(&events_[at].fact);
      // One that waited is canceled before, one in doubt resolved.
      const bool first_half = skipped == nullptr && IsForSkip(at);
      if (first_half && IsCutOff(at)) skip.tasks.push_back(task);
      if (first_half && !IsCutOff(at))
        skipped = std::get_if<rollout::TaskSkipped>(&events_[++at].fact);
      if (skipped == nullptr || skipped->task != task) break;
      if (!skip.tasks.empty() && skip.reason != skipped->reason) break;
      skip.tasks.push_back(task);
      skip.reason = skipped->reason;
    }
    return skip;
  }

  /// A retry is no other event.
  Input Runs() const {
    rollout::RunTasks run;
    for (std::size_t at = next_; at < events_.size() && events_[at].at == events_[next_].at; ++at) {
      const auto* created = std::get_if<rollout::TaskRunCreated>(&events_[at].fact);
      if (created == nullptr) break;
      run.tasks.push_back(created->task);
    }
    return run;
  }

  Input Cancels(const std::string& reason) const {
    rollout::Cancel cancel{{}, reason};
    for (std::size_t at = next_; at < events_.size() && events_[at].at == events_[next_].at; ++at) {
      const Event& event = events_[at];
      const auto* ended = std::get_if<rollout::TaskRunEnded>(&event.fact);
      const auto* request = std::get_if<rollout::CancelRequested>(&event.fact);
      const bool waiting = ended != nullptr && ended->outcome == Outcome::kCanceled &&
                           scheduler_->state().status(ended->task) == TaskStatus::kPending &&
                           ended->detail == reason;
      const bool running = request != nullptr && !request->pause && request->reason == reason;
      if (!waiting && !running) break;
      cancel.tasks.push_back(waiting ? ended->task : request->task);
    }
    return cancel;
  }

  const Rollout& rollout_;
  std::span<const Event> events_;
  std::optional<rollout::Scheduler> scheduler_;
  std::size_t next_ = 0;  // the first event that the scheduler has not decided on yet
};

}  // namespace

std::optional<Divergence> FindDivergence(const Rollout& rollout, std::span<const Event> events) {
  return Retracer(rollout, events).Retrace();
}

std::vector<Observation> ObservationsOf(const Rollout& rollout, std::span<const Event> events) {
  base::IndexVector<TaskIndex, base::Instant> started(rollout.tasks.size(), base::Instant{-1});
  std::vector<Observation> observations;
  for (const Event& event : events) {
    if (const auto* start = std::get_if<rollout::TaskRunStarted>(&event.fact))
      started[start->task] = event.at;
    const auto* ended = std::get_if<rollout::TaskRunEnded>(&event.fact);
    // With a detail it was DONE without running: its change was there already.
    if (ended == nullptr || ended->outcome != Outcome::kSucceeded || !ended->detail.empty())
      continue;
    const rollout::Task& task = rollout.tasks[ended->task];
    Observation seen{rollout.spec_ids[task.spec], "", "", "", {}, event.at - started[ended->task]};
    seen.target = rollout.TargetName(task);
    const rollout::SheetIndex index =
        rollout.spec_sheets.empty() ? rollout::SheetIndex() : rollout.spec_sheets[task.spec];
    if (index.valid()) {
      const rollout::Sheet& sheet = rollout.sheets[index];
      seen.sheet = sheet.sha256;
      seen.statement_class = sheet.statement_class;
      seen.size = SizeOf(sheet);
    }
    observations.push_back(std::move(seen));
  }
  return observations;
}

}  // namespace lockstep::sim
