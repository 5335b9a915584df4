// PlanChecker: does the runs of plan checks that somebody asked for, on a thread of its own: asking
// a database can take seconds. Runs are RUNNING in the ledger until they are done, so that whoever
// starts next takes up what a process did not come to.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include "core/base/result.h"
#include "native/process/descriptor.h"

namespace lockstep::service {

class Service;

class PlanChecker {
 public:
  /// `service` outlives it.
  explicit PlanChecker(Service& service);
  /// Stops within moments: clients are killed, and what they were to answer stays RUNNING.
  ~PlanChecker();

  /// Does this object's runs soon. From any thread.
  void Add(std::int64_t number);
  /// Does all that is RUNNING in the ledger: for a server that starts.
  void TakeUp();
  /// Until nothing is left to do: for a process that ends with its request.
  void Wait();

 private:
  void Start();
  void Work();
  base::Status AddRunning();
  base::Status Check(std::int64_t number);

  Service& service_;
  process::Descriptor stop_;  // can be read once nothing is wanted any more
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::optional<std::int64_t>> jobs_;  // nothing: look for what is RUNNING
  bool working_ = false, stopping_ = false;
  std::thread thread_;  // started with the first job
};

}  // namespace lockstep::service
