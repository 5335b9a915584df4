#include "native/shared_work.h"

#include <algorithm>

#include "native/clock.h"

namespace lockstep::native {

using ledger::WorkItem;
using rollout::RunEnded;
using rollout::TaskIndex;

namespace {

rollout::TaskError LostError(const std::string& why) {
  rollout::TaskError error;
  error.message = why;
  error.code = rollout::kRunnerLost;
  return error;
}

RunEnded LostRun(WorkItem item, const std::string& why) {
  return {TaskIndex(item.task), item.attempt, rollout::Outcome::kLost, LostError(why), ""};
}

// The end of a run as text: the event that it will be, but for its place among the others.
std::string ToText(const RunEnded& end, const rollout::Rollout& rollout) {
  const rollout::TaskRunEnded fact{end.task, end.attempt, end.outcome, end.error, end.detail};
  return rollout::ToJson({.sequence = 1, .at = RealNow(), .fact = fact}, rollout);
}

base::Result<RunEnded> FromText(const std::string& text, const rollout::Rollout& rollout) {
  auto event = rollout::FromJson(text, rollout);
  if (!event.ok()) return event.error();
  auto* fact = std::get_if<rollout::TaskRunEnded>(&event->fact);
  if (fact == nullptr) {
    return base::Error{base::ErrorCode::kCorrupt, "the ledger has a report that tells no end"};
  }
  return RunEnded{fact->task, fact->attempt, fact->outcome, *fact->error, std::move(fact->detail)};
}

}  // namespace

SharedWork::SharedWork(ledger::WorkQueue queue, process::Loop& loop, TaskProcesses& processes,
                       const rollout::Rollout& rollout, RunListener& listener, std::size_t jobs)
    : queue_(std::move(queue)),
      loop_(loop),
      processes_(processes),
      rollout_(rollout),
      listener_(listener),
      jobs_(jobs) {
  AwaitHeartbeat();
}

SharedWork::~SharedWork() {
  loop_.CancelTimer(heartbeat_);
}

void SharedWork::AwaitHeartbeat() {
  heartbeat_ = loop_.After(ledger::WorkQueue::kHeartbeat, [this] {
    if (alive_.ok()) alive_ = queue_.Heartbeat();
    AwaitHeartbeat();
  });
}

void SharedWork::Start(WorkItem item) {
  claimed_[item.task] = item.attempt;
  processes_.Start(Purpose::kRun, TaskIndex(item.task), item.attempt);
}

std::vector<SharedWork::RunEnd> SharedWork::TakeEnds(News* told) {
  std::vector<RunEnd> ends;
  for (TaskProcesses::Ended& ended : processes_.TakeEnded()) {
    if (ended.purpose == Purpose::kResolve) {
      if (told != nullptr) told->inputs.push_back(std::move(ended.input));
      continue;
    }
    auto& end = std::get<RunEnded>(ended.input);
    const WorkItem item{end.task.value(), end.attempt};
    claimed_.erase(item.task);
    ++runs_done_;
    ends.push_back({item, std::move(end), std::move(ended.outputs)});
  }
  return ends;
}

base::Status SharedWork::Report(RunEnd ended) {
  // What we stopped because we leave is no decision about the task.
  if (leaving_ && ended.end.outcome != rollout::Outcome::kSucceeded)
    ended.end = LostRun(ended.item, RunnerName() + " left while this task ran");
  const auto reported = queue_.Report(ended.item, ToText(ended.end, rollout_), ended.outputs);
  if (!reported.ok()) return reported.error();
  if (!*reported) {
    listener_.OnNotice(rollout_.TaskName(ended.end.task) +
                       " had been given up as lost; its target is asked what became of it");
  }
  return {};
}

base::Status SharedWork::StopWhatShallEnd() {
  if (claimed_.empty()) return {};
  const auto claims = queue_.Claims();
  if (!claims.ok()) return claims.error();
  std::map<std::uint32_t, std::uint32_t> given_up = claimed_;
  for (const ledger::WorkQueue::Claimed& claim : *claims) {
    given_up.erase(claim.item.task);
    if (claim.stop) processes_.Stop(TaskIndex(claim.item.task));
  }
  for (const auto& [task, attempt] : given_up) processes_.Stop(TaskIndex(task));
  return {};
}

base::Status SharedWork::ClaimMore() {
  if (leaving_ || !more_offered_ || claimed_.size() >= jobs_) return {};
  const std::size_t room = jobs_ - claimed_.size();
  const auto items = queue_.Claim(room);
  if (!items.ok()) return items.error();
  more_offered_ = items->size() == room;
  for (const WorkItem& item : *items) Start(item);
  return {};
}

base::Status SharedWork::Help(bool news) {
  if (!alive_.ok()) return alive_;
  for (const rollout::RunWaiting& run : processes_.TakeWaiting())
    listener_.OnNotice(rollout_.TaskName(run.task) + " waits: " + run.detail);
  more_offered_ |= news;
  if (news) {
    if (auto stopped = StopWhatShallEnd(); !stopped.ok()) return stopped;
  }
  for (RunEnd& ended : TakeEnds(nullptr)) {
    if (auto reported = Report(std::move(ended)); !reported.ok()) return reported;
  }
  return ClaimMore();
}

// ---- while this runner has the lease ----

std::vector<WorkItem> SharedWork::Take(std::vector<WorkItem>& offered) {
  const std::size_t busy = claimed_.size();
  const std::size_t room = leaving_ || busy >= jobs_ ? 0 : jobs_ - busy;
  const auto end = offered.begin() + static_cast<std::ptrdiff_t>(std::min(room, offered.size()));
  taken_.assign(offered.begin(), end);
  offered.erase(offered.begin(), end);
  more_offered_ |= !offered.empty();
  return taken_;
}

void SharedWork::StartTaken() {
  for (const WorkItem& item : std::exchange(taken_, {})) Start(item);
}

base::Status SharedWork::Lead(bool news, News& told) {
  if (!alive_.ok()) return alive_;
  for (rollout::RunWaiting& run : processes_.TakeWaiting()) told.inputs.push_back(std::move(run));
  for (RunEnd& ended : TakeEnds(&told)) {
    told.inputs.push_back(std::move(ended.end));
    std::move(ended.outputs.begin(), ended.outputs.end(), std::back_inserter(told.outputs));
  }
  if (news) {
    const auto reports = queue_.Reports();
    if (!reports.ok()) return reports.error();
    for (const ledger::WorkQueue::Reported& report : *reports) {
      auto end = FromText(report.result, rollout_);
      if (!end.ok()) return end.error();
      told.inputs.push_back(std::move(*end));
    }
    const auto lost = queue_.LostItems();
    if (!lost.ok()) return lost.error();
    for (const ledger::WorkQueue::Lost& run : *lost)
      told.inputs.push_back(LostRun(run.item, run.runner + " was lost while this task ran"));
  }
  return ClaimMore();
}

base::Status SharedWork::Stop(WorkItem item, News& told) {
  if (claimed_.contains(item.task)) {
    processes_.Stop(TaskIndex(item.task));
    return {};
  }
  const auto dropped = queue_.Stop(item);
  if (!dropped.ok()) return dropped.error();
  if (*dropped) {
    told.inputs.push_back(
        RunEnded{TaskIndex(item.task), item.attempt, rollout::Outcome::kCanceled, {}, ""});
  }
  return {};
}

base::Result<std::vector<rollout::RunAtWork>> SharedWork::AtWork() const {
  const auto items = queue_.Items();
  if (!items.ok()) return items.error();
  std::vector<rollout::RunAtWork> runs;
  for (const WorkItem& item : *items) runs.push_back({TaskIndex(item.task), item.attempt});
  return runs;
}

void SharedWork::Leave() {
  leaving_ = true;
  processes_.StopAll();
}

}  // namespace lockstep::native
