#include "native/native_host.h"

#include <algorithm>

#include "core/base/text.h"

namespace lockstep::native {
namespace {

/// How long a command from another terminal waits at most, and how often a terminal's clock moves.
constexpr std::int64_t kPollMs = 200;

bool AsksForRuns(const ledger::Command& command) {
  return command.kind == ledger::Command::Kind::kRun ||
         command.kind == ledger::Command::Kind::kRetry;
}

}  // namespace

// ---- facts ----

base::Status NativeHost::Persist(std::span<const rollout::Event> events) {
  std::vector<ledger::EventRow> rows;
  rows.reserve(events.size());
  bool decided_by_a_person = !commands_.empty();
  bool asks_for_runs = false;
  std::string lines;
  std::vector<ledger::WorkItem> offered;
  for (const rollout::Event& event : events) {
    rows.push_back({event.sequence, rollout::ToJson(event, parts_.scheduler.rollout())});
    decided_by_a_person |= std::holds_alternative<rollout::TaskSkipped>(event.fact);
    asks_for_runs |= std::holds_alternative<rollout::TaskRunCreated>(event.fact);
    const auto* started = std::get_if<rollout::TaskRunStarted>(&event.fact);
    if (started != nullptr && shared() != nullptr)
      offered.push_back({started->task.value(), started->attempt});
    if (parts_.sink.active()) lines += rows.back().json + "\n";
  }
  std::vector<ledger::WorkItem> taken;
  if (shared() != nullptr) taken = shared()->Take(offered);
  const ledger::Ledger::Turn turn{
      .digest = asks_for_runs ? std::string_view(parts_.rollout.digest) : "",
      .events = rows,
      .status = rollout::ToString(parts_.scheduler.state().rollout_status()),
      .handled_commands = commands_,
      .outputs = outputs_,
      .offered = offered,
      .taken = taken,
      .finished = finished_,
      .now = RealNow(),
      .durability =
          decided_by_a_person ? ledger::Durability::kPowerSafe : ledger::Durability::kProcessSafe};
  if (const auto status = parts_.ledger.Append(parts_.rollout.id, turn); !status.ok())
    return status;
  commands_.clear();
  outputs_.clear();
  finished_.clear();
  if (shared() != nullptr) shared()->StartTaken();
  if (const auto written = parts_.sink.Write(lines); !written.ok()) {
    parts_.listener.OnNotice(written.error().message);
  }
  return {};
}

void NativeHost::Tell(std::span<const rollout::Event> events) {
  parts_.listener.OnEvents(events, parts_.scheduler);
}

// ---- deeds ----

void NativeHost::Perform(const rollout::Action& action) {
  TaskProcesses& processes = parts_.place.processes;
  if (const auto* start = std::get_if<rollout::StartRun>(&action)) {
    // Shared runs are offered with their event, and are with whoever claimed them by now.
    if (shared() == nullptr) processes.Start(Purpose::kRun, start->task, start->attempt);
  } else if (const auto* resolve = std::get_if<rollout::ResolveRun>(&action)) {
    processes.Start(Purpose::kResolve, resolve->task, resolve->attempt);
  } else if (const auto* stop = std::get_if<rollout::StopRun>(&action)) {
    if (shared() == nullptr) return processes.Stop(stop->task);
    SharedWork::News told;
    const auto stopped = shared()->Stop({stop->task.value(), stop->attempt}, told);
    if (!stopped.ok()) failure_ = stopped;
    std::move(told.inputs.begin(), told.inputs.end(), std::back_inserter(inputs_));
  }
}

// ---- news ----

std::vector<rollout::Input> NativeHost::Wait(base::Instant wakeup) {
  // They changed nothing; whoever gave them wants to know that they were seen.
  if (!commands_.empty() || !finished_.empty()) {
    if (const auto status = Persist({}); !status.ok())
      parts_.listener.OnNotice(status.error().message);
  }
  for (;;) {
    TakeNews();
    if (!failure_.ok() || HasLeft()) return {};
    if (!inputs_.empty()) return std::exchange(inputs_, {});
    const base::Instant now = Now();
    if (now >= wakeup) return {rollout::Tick{}};
    const bool idle = parts_.place.processes.size() == 0 && wakeup != base::kNever;
    const bool others_idle = parts_.scheduler.state().count(rollout::TaskStatus::kRunning) == 0;
    if (idle && others_idle && parts_.limits.max_wait.ms >= 0 &&
        wakeup - now > parts_.limits.max_wait) {
      not_before_ = wakeup;
      return {rollout::Pause{"nothing may start before " + base::FormatInstant(wakeup), false}};
    }
    const std::int64_t until_poll = next_poll_ms_ - SteadyMs();
    const std::int64_t limit =
        wakeup == base::kNever ? until_poll : std::min(until_poll, (wakeup - now).ms);
    parts_.place.loop.Run({std::max<std::int64_t>(limit, 0)});
  }
}

void NativeHost::TakeNews() {
  const std::int64_t steady = SteadyMs();
  const bool due = steady >= next_poll_ms_;
  if (due) {
    next_poll_ms_ = steady + kPollMs;
    parts_.listener.OnTick();
  }
  OnInterruption();
  // A file has to be asked; a server has told.
  const bool news = (due || shared() != nullptr) && parts_.ledger.ChangedByOthers();
  if (news) PollCommands();
  if (shared() == nullptr) return TakeEnds();
  if (!failure_.ok()) return;  // of what was performed before
  if (shared()->leaving()) {
    failure_ = shared()->Help(news);
    return;
  }
  SharedWork::News told;
  failure_ = shared()->Lead(news, told);
  for (rollout::Input& input : told.inputs) {
    if (const auto* end = std::get_if<rollout::RunEnded>(&input))
      finished_.push_back({end->task.value(), end->attempt});
    inputs_.push_back(std::move(input));
  }
  std::move(told.outputs.begin(), told.outputs.end(), std::back_inserter(outputs_));
}

void NativeHost::TakeEnds() {
  for (rollout::RunWaiting& run : parts_.place.processes.TakeWaiting())
    inputs_.push_back(std::move(run));
  for (TaskProcesses::Ended& ended : parts_.place.processes.TakeEnded()) {
    inputs_.push_back(std::move(ended.input));
    std::move(ended.outputs.begin(), ended.outputs.end(), std::back_inserter(outputs_));
  }
}

/// Where other runners go on with the rollout, this one only leaves.
void NativeHost::OnInterruption() {
  const Interruption& interruption = *parts_.place.interruption;
  if (interruption.signal() == 0 || interruption_seen_) return;
  interruption_seen_ = true;
  if (shared() != nullptr) {
    const auto others = shared()->OtherRunners();
    if (others.ok() && *others > 0) return shared()->Leave();
  }
  inputs_.push_back(PauseNow(std::string(kInterruptedBy) + interruption.name()));
}

bool NativeHost::HasLeft() const {
  return shared() != nullptr && shared()->leaving() && parts_.place.processes.size() == 0;
}

std::vector<rollout::Input> NativeHost::TakePendingCommands() {
  (void)parts_.ledger.ChangedByOthers();  // what comes after this is news
  PollCommands();
  return std::exchange(inputs_, {});
}

void NativeHost::PollCommands() {
  const auto pending = parts_.ledger.PendingCommands(parts_.rollout.id);
  if (!pending.ok()) return parts_.listener.OnNotice(pending.error().message);
  if (pending->empty()) return;
  if (!revised_ && WasRevised(parts_.ledger, parts_.rollout)) {
    revised_ = true;
    inputs_.push_back(rollout::Pause{std::string(kPlanWasChanged), false});
  }
  for (const ledger::Command& command : *pending) {
    if (std::find(commands_.begin(), commands_.end(), command.id) != commands_.end()) continue;
    if (revised_ && AsksForRuns(command)) continue;
    commands_.push_back(command.id);
    inputs_.push_back(ToInput(command));
  }
}

/// Runs are stopped by the scheduler. A question to a target changes nothing and is dropped.
rollout::Input NativeHost::PauseNow(std::string reason) {
  stopped_ = true;
  parts_.place.processes.StopQuestions();
  return rollout::Pause{std::move(reason), true};
}

rollout::Input NativeHost::ToInput(const ledger::Command& command) {
  std::vector<rollout::TaskIndex> tasks;
  for (const std::string& name : command.tasks) {
    if (const auto task = parts_.scheduler.rollout().FindTask(name)) tasks.push_back(*task);
  }
  switch (command.kind) {
    case ledger::Command::Kind::kRun:
      return rollout::RunTasks{std::move(tasks)};
    case ledger::Command::Kind::kRetry:
      return rollout::Retry{std::move(tasks)};
    case ledger::Command::Kind::kSkip:
      return rollout::Skip{std::move(tasks), command.reason};
    case ledger::Command::Kind::kCancel:
      break;
  }
  // Without tasks: the rollout as a whole stops here, until it is resumed.
  if (command.tasks.empty()) {
    return PauseNow(command.reason.empty() ? "canceled" : command.reason);
  }
  return rollout::Cancel{std::move(tasks), command.reason};
}

}  // namespace lockstep::native
