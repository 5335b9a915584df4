#include "native/interruption.h"

#include <signal.h>

#include "core/base/text.h"
#include "native/clock.h"

namespace lockstep::native {

Interruption::Interruption(process::Loop& loop, TaskProcesses& processes, RunListener& listener)
    : processes_(processes), listener_(listener) {
  ::signal(SIGPIPE, SIG_IGN);
  std::vector<int> ending = {SIGINT, SIGTERM};
  struct sigaction hangup {};
  sigaction(SIGHUP, nullptr, &hangup);
  if (hangup.sa_handler != SIG_IGN) ending.push_back(SIGHUP);  // ignored by nohup: so it stays
  loop.OnSignals(ending, [this](int number) { OnSignal(number); });
}

std::string Interruption::name() const {
  return signal_ == SIGINT ? "SIGINT" : signal_ == SIGTERM ? "SIGTERM" : "SIGHUP";
}

void Interruption::OnSignal(int number) {
  // A process of several threads that is killed tells its children once for each of them.
  constexpr std::int64_t kAtOnceMs = 500;
  const std::int64_t now = SteadyMs();
  if (signal_ != 0 && now - since_ms_ < kAtOnceMs) return;
  if (signal_ != 0) {
    listener_.OnNotice("interrupted again: killing what still runs");
    return processes_.KillAll();
  }
  signal_ = number;
  since_ms_ = now;
  if (processes_.size() == 0) return;
  listener_.OnNotice("interrupted: stopping " + base::Plural(processes_.size(), "running task") +
                     "; once more to kill");
}

}  // namespace lockstep::native
