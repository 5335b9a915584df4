// Supervisor: sees that a runner is at work on every rollout that has something to do. A runner is
// a `lockstep resume` of its own: it holds the rollout's lease, knows how to go on after any crash,
// and outlives no server (it is told to stop when the server dies, however that happens).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "native/service/service.h"

namespace lockstep::service {

class Supervisor {
 public:
  struct Options {
    /// Arguments behind `lockstep resume ROLLOUT`: ledger, clients, limits.
    std::vector<std::string> arguments;
    /// A sentence worth a line in the server's log. From the supervisor's thread.
    std::function<void(std::string)> notice;
  };
  /// Looks at all rollouts of the services first: an earlier server may have been killed.
  Supervisor(std::string ledger, Options options);
  /// Asks all runners to stop (their rollouts are interrupted) and waits for them.
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  /// From any thread: a rollout may have got work.
  void Wake(std::string_view rollout);

 private:
  class Thread;
  std::unique_ptr<Thread> thread_;
};

}  // namespace lockstep::service
