#include "native/clock.h"

#include <chrono>

namespace lockstep::native {
namespace {

template <class Clock>
std::int64_t MsOf() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now().time_since_epoch())
      .count();
}

}  // namespace

base::Instant RealNow() {
  return {MsOf<std::chrono::system_clock>()};
}

std::int64_t SteadyMs() {
  return MsOf<std::chrono::steady_clock>();
}

}  // namespace lockstep::native
