#include "native/task_processes.h"

#include <unistd.h>

#include <utility>

#include "native/clock.h"
#include "native/ledger/lease.h"

namespace lockstep::native {
namespace {

KeptClients MakeKeptClients(const TaskProcesses::Parts& parts) {
  std::vector<KeptClients::Place> places(parts.tasks.places());
  for (const rollout::TaskIndex task : parts.rollout.tasks.indices()) {
    KeptClients::Place& place = places[parts.tasks.PlaceOf(task)];
    place.instance = parts.rollout.tasks[task].instance.value();
    ++place.tasks;
  }
  std::vector<KeptClients::Instance> instances;
  for (const rollout::Instance& instance : parts.rollout.instances)
    instances.push_back({.most = parts.keep_clients ? instance.maximum_connections : 0});
  return {parts.loop, std::move(places), std::move(instances)};
}

base::Prng MakePrng() {
  return base::Prng(static_cast<std::uint64_t>(RealNow().ms) ^
                    (static_cast<std::uint64_t>(getpid()) << 40));
}

}  // namespace

std::string RunnerName() {
  const ledger::LeaseHolder us = ledger::ThisProcess(RealNow());
  return us.host + ":" + std::to_string(us.pid);
}

TaskProcesses::TaskProcesses(Parts parts)
    : services_{parts.loop,
                parts.rollout,
                parts.tasks,
                parts.listener,
                parts.limits,
                RunnerName(),
                parts.cancel_orphans,
                std::move(parts.assumptions),
                connection::Redactor(parts.tasks.Secrets()),
                MakePrng(),
                MakeKeptClients(parts),
                [this](rollout::RunWaiting run) { waiting_.push_back(std::move(run)); }} {}

TaskProcesses::~TaskProcesses() {
  StopAll();
  while (!processes_.empty()) services_.loop.Run(base::Seconds(1));
}

void TaskProcesses::Start(Purpose purpose, rollout::TaskIndex task, std::uint32_t attempt) {
  if (const std::string& problem = services_.tasks.ProblemOf(task); !problem.empty())
    return EndWithout(purpose, task, attempt, problem);
  auto done = [this, purpose, task](rollout::Input input, std::vector<ledger::Output> outputs) {
    ended_.push_back({purpose, std::move(input), std::move(outputs)});
    const auto found = processes_.find(task.value());
    gone_.push_back(std::move(found->second));
    processes_.erase(found);
  };
  auto& process = processes_[task.value()];
  LOCKSTEP_CHECK(process == nullptr, "two processes for one task");
  process = std::make_unique<TaskProcess>(services_, purpose, task, attempt, std::move(done));
  process->Start();
}

/// Execution::keep_going: what cannot be reached fails by itself.
void TaskProcesses::EndWithout(Purpose purpose, rollout::TaskIndex task, std::uint32_t attempt,
                               const std::string& problem) {
  if (purpose == Purpose::kResolve) {
    ended_.push_back({purpose, rollout::RunUnresolved{task, attempt, problem}, {}});
    return;
  }
  rollout::TaskError error;
  error.message = problem;
  error.code = "UNREACHABLE";
  ended_.push_back(
      {purpose,
       rollout::RunEnded{task, attempt, rollout::Outcome::kFailed, std::move(error), ""},
       {}});
}

void TaskProcesses::Stop(rollout::TaskIndex task) {
  const auto found = processes_.find(task.value());
  if (found != processes_.end()) found->second->Stop();
}

void TaskProcesses::StopAll() {
  for (auto& [task, process] : processes_) process->Stop();
}

void TaskProcesses::KillAll() {
  for (auto& [task, process] : processes_) process->Kill();
}

void TaskProcesses::StopQuestions() {
  for (auto& [task, process] : processes_) {
    if (process->purpose() == Purpose::kResolve) process->Stop();
  }
}

std::vector<TaskProcesses::Ended> TaskProcesses::TakeEnded() {
  gone_.clear();
  return std::exchange(ended_, {});
}

}  // namespace lockstep::native
