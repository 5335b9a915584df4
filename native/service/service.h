// Service: the API of Bytebase's services over a ledger, as a function from request to answer. The
// server calls it for every request, the command line for its own ledger.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "native/service/context.h"

namespace lockstep::service {

class Service {
 public:
  struct Answer {
    int status = 200;
    std::string json;
  };

  /// Makes the ledger when it is missing. `wake` is called from any thread.
  static base::Result<std::unique_ptr<Service>> Open(Settings settings, Wake wake);
  ~Service();

  /// `path` is percent-encoded; `user` is who asks: "users/{email}". From any thread.
  Answer Handle(std::string_view verb, std::string_view path, Call call);

  /// A server that starts lets it take up what is left; who ends after a request waits for it.
  PlanChecker& checker() { return *checker_; }

  /// Does something with a connection to the ledger of its own, on this thread.
  template <class Do>
  auto With(Do work) {
    auto ledger = Take();
    using Result = decltype(work(std::declval<Context&>()));
    if (!ledger.ok()) return Result(ledger.error());
    Context context = MakeContext(**ledger);
    Result result = work(context);
    if (result.ok() || result.error().code != base::ErrorCode::kUnavailable)
      Give(std::move(*ledger));
    else
      CloseIdle();
    return result;
  }

 private:
  Service(Settings settings, Wake wake);
  Context MakeContext(ledger::Ledger& ledger);
  base::Result<std::unique_ptr<ledger::Ledger>> Take();
  void Give(std::unique_ptr<ledger::Ledger> ledger);
  /// A connection may be lost, to a server that was started anew, and so may all others.
  void CloseIdle();

  const Settings settings_;
  const Wake wake_;
  LiveRollouts rollouts_;
  Turns turns_{2};  // of the server's 4 workers
  std::mutex mutex_;
  std::vector<std::unique_ptr<ledger::Ledger>> idle_;  // a connection serves one thread at a time
  std::unique_ptr<PlanChecker> checker_;               // last: it works with all of these
};

}  // namespace lockstep::service
