// SharedWork: this runner's part of a rollout that several runners work on (ledger/work_queue.h).
// It claims as many runs as it has room for, has them done, and tells their ends: to the ledger,
// or, when this runner has the lease, at once to the scheduler.
#pragma once

#include <map>
#include <vector>

#include "core/rollout/ready.h"
#include "native/ledger/work_queue.h"
#include "native/task_processes.h"

namespace lockstep::native {

class SharedWork {
 public:
  /// At most `jobs` runs at a time. Heartbeats from now on, by a timer of the loop.
  SharedWork(ledger::WorkQueue queue, process::Loop& loop, TaskProcesses& processes,
             const rollout::Rollout& rollout, RunListener& listener, std::size_t jobs);
  ~SharedWork();
  SharedWork(const SharedWork&) = delete;
  SharedWork& operator=(const SharedWork&) = delete;

  /// What has ended here goes to the ledger; what shall end is stopped; then more is claimed.
  /// `news`: the ledger may have changed. An error: this runner is cut off from the others and has
  /// to stop.
  base::Status Help(bool news);

  // ---- while this runner has the lease ----
  /// Of the runs that are about to be offered, as many as this runner does itself.
  std::vector<ledger::WorkItem> Take(std::vector<ledger::WorkItem>& offered);
  /// They are durable now, and so are others.
  void StartTaken();
  struct News {
    std::vector<rollout::Input> inputs;
    std::vector<ledger::Output> outputs;
  };
  /// The same as Help, but for what ended: that is told here, and what other runners reported or
  /// lost as well.
  base::Status Lead(bool news, News& told);
  /// A RunEnded follows.
  base::Status Stop(ledger::WorkItem item, News& told);
  base::Result<std::vector<rollout::RunAtWork>> AtWork() const;
  base::Result<std::size_t> OtherRunners() const { return queue_.OtherRunners(); }

  /// Claims no more, and stops what it does. What becomes of that is told by Help: it succeeded, or
  /// others find out.
  void Leave();
  bool leaving() const { return leaving_; }
  std::size_t runs_done() const { return runs_done_; }  ///< here, whatever became of them

 private:
  using Purpose = TaskProcess::Purpose;
  struct RunEnd {
    ledger::WorkItem item;
    rollout::RunEnded end;
    std::vector<ledger::Output> outputs;
  };
  /// Ends of runs; answers to questions go to `told`, which only the lease's holder asks.
  std::vector<RunEnd> TakeEnds(News* told);
  base::Status Report(RunEnd ended);
  base::Status StopWhatShallEnd();
  base::Status ClaimMore();
  void Start(ledger::WorkItem item);
  void AwaitHeartbeat();

  ledger::WorkQueue queue_;
  process::Loop& loop_;
  TaskProcesses& processes_;
  const rollout::Rollout& rollout_;
  RunListener& listener_;
  std::size_t jobs_;
  std::map<std::uint32_t, std::uint32_t> claimed_;  // task -> attempt
  std::vector<ledger::WorkItem> taken_;             // claimed, and not durable yet
  bool more_offered_ = true;                        // as far as we know
  bool leaving_ = false;
  std::size_t runs_done_ = 0;
  process::TimerId heartbeat_ = 0;
  base::Status alive_;
};

}  // namespace lockstep::native
