#include "native/native_host.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "core/base/text.h"

namespace lockstep::native {
namespace {

/// How long a command from another terminal waits at most, and how often a terminal's clock moves.
constexpr std::int64_t kPollMs = 200;

std::int64_t SteadyMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

base::Instant RealNow() {
  return {std::chrono::duration_cast<std::chrono::milliseconds>(
              std::chrono::system_clock::now().time_since_epoch())
              .count()};
}

std::string RunnerName() {
  char host[256] = {};
  gethostname(host, sizeof(host) - 1);
  return std::string(host) + ":" + std::to_string(getpid());
}

namespace {

KeptClients MakeKeptClients(const NativeHost::Parts& parts) {
  const rollout::Rollout& rollout = parts.scheduler.rollout();
  std::vector<KeptClients::Place> places(parts.tasks.places());
  for (const rollout::TaskIndex task : rollout.tasks.indices()) {
    KeptClients::Place& place = places[parts.tasks.PlaceOf(task)];
    place.instance = rollout.tasks[task].instance.value();
    ++place.tasks;
  }
  std::vector<KeptClients::Instance> instances;
  for (const rollout::Instance& instance : rollout.instances)
    instances.push_back({.most = instance.maximum_connections});
  return {parts.loop, std::move(places), std::move(instances)};
}

}  // namespace

NativeHost::NativeHost(const Parts& parts)
    : parts_(parts),
      services_{parts_.loop,
                parts_.scheduler.rollout(),
                parts_.tasks,
                parts_.listener,
                parts_.limits,
                RunnerName(),
                parts_.cancel_orphans,
                parts_.assumptions,
                connection::Redactor(parts_.tasks.Secrets()),
                base::Prng(static_cast<std::uint64_t>(RealNow().ms) ^
                           (static_cast<std::uint64_t>(getpid()) << 40)),
                MakeKeptClients(parts_)} {
  signal(SIGPIPE,
         SIG_IGN);  // a reader of our output that left is no reason to leave clients behind
  std::vector<int> ending = {SIGINT, SIGTERM};
  struct sigaction hangup {};
  sigaction(SIGHUP, nullptr, &hangup);
  if (hangup.sa_handler != SIG_IGN) ending.push_back(SIGHUP);  // ignored by nohup: so it stays
  parts_.loop.OnSignals(ending, [this](int number) { OnSignal(number); });
}

NativeHost::~NativeHost() {
  // Only when the ledger failed is anything left. It is stopped as a person would stop it, and
  // found in doubt later.
  for (auto& [task, process] : processes_) process->Stop();
  while (!processes_.empty()) parts_.loop.Run(base::Seconds(1));
}

void NativeHost::OnSignal(int number) {
  if (interrupted_by_ != 0) {
    parts_.listener.OnNotice("interrupted again: killing what still runs");
    for (auto& [task, process] : processes_) process->Kill();
    return;
  }
  interrupted_by_ = number;
  const std::string name = number == SIGINT ? "SIGINT" : number == SIGTERM ? "SIGTERM" : "SIGHUP";
  if (!processes_.empty()) {
    parts_.listener.OnNotice("interrupted: stopping " +
                             base::Plural(processes_.size(), "running task") +
                             "; once more to kill");
  }
  inputs_.push_back(PauseNow("interrupted by " + name));
}

// ---- facts ----

base::Status NativeHost::Append(std::span<const rollout::Event> events) {
  std::vector<ledger::EventRow> rows;
  rows.reserve(events.size());
  bool decided_by_a_person = !commands_.empty();
  std::string lines;
  for (const rollout::Event& event : events) {
    rows.push_back({event.sequence, rollout::ToJson(event, parts_.scheduler.rollout())});
    decided_by_a_person |= std::holds_alternative<rollout::TaskSkipped>(event.fact);
    if (parts_.sink.active()) lines += rows.back().json + "\n";
  }
  const auto durability =
      decided_by_a_person ? ledger::Durability::kPowerSafe : ledger::Durability::kProcessSafe;
  const auto status = parts_.ledger.Append(
      parts_.rollout, {rows, rollout::ToString(parts_.scheduler.state().rollout_status()),
                       commands_, outputs_, RealNow(), durability});
  if (!status.ok()) return status;
  commands_.clear();
  outputs_.clear();
  if (const auto written = parts_.sink.Write(lines); !written.ok()) {
    parts_.listener.OnNotice(written.error().message);
  }
  return {};
}

base::Status NativeHost::Persist(std::span<const rollout::Event> events) {
  const base::Status status = Append(events);
  if (status.ok()) parts_.listener.OnEvents(events, parts_.scheduler);
  return status;
}

// ---- deeds ----

void NativeHost::Perform(const rollout::Action& action) {
  if (const auto* start = std::get_if<rollout::StartRun>(&action)) {
    StartProcess(Purpose::kRun, start->task, start->attempt);
  } else if (const auto* resolve = std::get_if<rollout::ResolveRun>(&action)) {
    StartProcess(Purpose::kResolve, resolve->task, resolve->attempt);
  } else if (const auto* stop = std::get_if<rollout::StopRun>(&action)) {
    const auto found = processes_.find(stop->task.value());
    if (found != processes_.end()) found->second->Stop();
  }
}

void NativeHost::StartProcess(Purpose purpose, rollout::TaskIndex task, std::uint32_t attempt) {
  auto done = [this, task](rollout::Input input, std::vector<ledger::Output> outputs) {
    inputs_.push_back(std::move(input));
    std::move(outputs.begin(), outputs.end(), std::back_inserter(outputs_));
    const auto found = processes_.find(task.value());
    ended_.push_back(std::move(found->second));
    processes_.erase(found);
  };
  auto& process = processes_[task.value()];
  LOCKSTEP_CHECK(process == nullptr, "two processes for one task");
  process = std::make_unique<TaskProcess>(services_, purpose, task, attempt, std::move(done));
  process->Start();
}

// ---- news ----

std::vector<rollout::Input> NativeHost::Wait(base::Instant wakeup) {
  if (!commands_
           .empty()) {  // they changed nothing; whoever gave them wants to know that they were seen
    if (const auto status = Append({}); !status.ok())
      parts_.listener.OnNotice(status.error().message);
  }
  for (;;) {
    const std::int64_t steady = SteadyMs();
    if (steady >= next_poll_ms_) {
      next_poll_ms_ = steady + kPollMs;
      PollCommands();
      parts_.listener.OnTick();
    }
    if (!inputs_.empty()) return std::exchange(inputs_, {});
    const base::Instant now = Now();
    if (now >= wakeup) return {rollout::Tick{}};
    const bool idle = processes_.empty() && wakeup != base::kNever;
    if (idle && parts_.limits.max_wait.ms >= 0 && wakeup - now > parts_.limits.max_wait) {
      not_before_ = wakeup;
      return {rollout::Pause{"nothing may start before " + base::FormatInstant(wakeup), false}};
    }
    const std::int64_t until_poll = next_poll_ms_ - steady;
    const std::int64_t limit =
        wakeup == base::kNever ? until_poll : std::min(until_poll, (wakeup - now).ms);
    parts_.loop.Run({std::max<std::int64_t>(limit, 0)});
    ended_.clear();
  }
}

std::vector<rollout::Input> NativeHost::TakePendingCommands() {
  PollCommands();
  return std::exchange(inputs_, {});
}

void NativeHost::PollCommands() {
  if (!parts_.ledger.ChangedByOthers()) return;
  const auto pending = parts_.ledger.PendingCommands(parts_.rollout);
  if (!pending.ok()) return parts_.listener.OnNotice(pending.error().message);
  for (const ledger::Command& command : *pending) {
    if (std::find(commands_.begin(), commands_.end(), command.id) != commands_.end()) continue;
    commands_.push_back(command.id);
    inputs_.push_back(ToInput(command));
  }
}

/// Runs are stopped by the scheduler. A question to a target changes nothing and is dropped.
rollout::Input NativeHost::PauseNow(std::string reason) {
  for (auto& [task, process] : processes_) {
    if (process->purpose() == Purpose::kResolve) process->Stop();
  }
  return rollout::Pause{std::move(reason), true};
}

rollout::Input NativeHost::ToInput(const ledger::Command& command) {
  std::vector<rollout::TaskIndex> tasks;
  for (const std::string& name : command.tasks) {
    if (const auto task = parts_.scheduler.rollout().FindTask(name)) tasks.push_back(*task);
  }
  switch (command.kind) {
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
