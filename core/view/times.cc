#include "core/view/times.h"

#include <algorithm>

namespace lockstep::view {

using base::Instant;
using rollout::TaskIndex;
using rollout::WaitingCause;

base::Duration StepOfAxis(base::Duration smallest) {
  constexpr std::int64_t kDay = 86'400'000;
  constexpr std::int64_t kSteps[] = {
      1,       2,       5,         10,        20,        50,         100,        200,       500,
      1'000,   2'000,   5'000,     10'000,    15'000,    30'000,     60'000,     120'000,   300'000,
      600'000, 900'000, 1'800'000, 3'600'000, 7'200'000, 10'800'000, 21'600'000, 43'200'000};
  for (std::int64_t step : kSteps) {
    if (step >= smallest.ms) return {step};
  }
  return {(smallest.ms + kDay - 1) / kDay * kDay};
}

Times::Times(const sim::Timeline& timeline, std::int64_t length)
    : timeline_(timeline), length_(length) {}

std::int64_t Times::At(Instant time) const {
  std::int64_t span = std::max<std::int64_t>(makespan(), 1);
  std::int64_t offset = std::clamp<std::int64_t>((time - timeline_.start).ms, 0, span);
  // Lengths are below 2^24, so that products of shorter times stay within 64 bits.
  for (; span > std::int64_t{1} << 38; span /= 2) offset /= 2;
  return offset * length_ / span;
}

bool SomeNeverRan(const sim::Timeline& timeline) {
  return std::any_of(timeline.tasks.begin(), timeline.tasks.end(),
                     [](const sim::TaskTimeline& line) { return line.start.ms < 0; });
}

namespace {

Instant EndOn(const sim::Timeline& timeline, TaskIndex task) {
  const Instant end = timeline.tasks[task].end;
  return end.ms >= 0 ? end : timeline.end;
}

}  // namespace

Instant Times::EndOf(TaskIndex task) const {
  return EndOn(timeline_, task);
}

std::optional<StageSpan> SpanOf(const rollout::Stage& stage, const sim::Timeline& timeline) {
  std::optional<StageSpan> span;
  for (TaskIndex task : stage.tasks) {
    const Instant start = timeline.tasks[task].start;
    if (start.ms < 0) continue;
    const Instant end = EndOn(timeline, task);
    span = span ? StageSpan{std::min(span->start, start), std::max(span->end, end)}
                : StageSpan{start, end};
  }
  return span;
}

bool IsTold(WaitingCause cause) {
  return cause != WaitingCause::kStage && cause != WaitingCause::kDatabase &&
         cause != WaitingCause::kNone;
}

}  // namespace lockstep::view
