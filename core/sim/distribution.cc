#include "core/sim/distribution.h"

#include <algorithm>

#include "core/base/check.h"

namespace lockstep::sim {

using base::Duration;

Distribution Distribution::OfSamples(std::vector<Duration> samples) {
  LOCKSTEP_CHECK(!samples.empty(), "a distribution of nothing");
  std::sort(samples.begin(), samples.end());
  Distribution made;
  made.points_.clear();
  for (const Duration sample : samples) made.points_.push_back({0, sample});
  made.samples_ = true;
  return made;
}

Distribution Distribution::OfPercentiles(const std::vector<std::pair<int, Duration>>& percentiles) {
  LOCKSTEP_CHECK(!percentiles.empty(), "a distribution of nothing");
  Distribution made;
  made.points_.clear();
  for (const auto& [percent, length] : percentiles) {
    made.points_.push_back(
        {(std::uint64_t{1} << 32) * static_cast<unsigned>(percent) / 100, length});
  }
  return made;
}

std::vector<Duration> Distribution::samples() const {
  std::vector<Duration> samples;
  if (!samples_) return samples;
  for (const Point& point : points_) samples.push_back(point.length);
  return samples;
}

Duration Distribution::At(std::uint32_t part) const {
  if (is_constant()) return points_.front().length;
  if (samples_) return points_[std::uint64_t{part} * points_.size() >> 32].length;
  const auto after =
      std::upper_bound(points_.begin(), points_.end(), part,
                       [](std::uint32_t value, const Point& point) { return value < point.part; });
  if (after == points_.begin()) return points_.front().length;
  if (after == points_.end()) return points_.back().length;
  const Point& before = *(after - 1);
  // span * into / width, whose product would not fit into 64 bits.
  const auto span = static_cast<std::uint64_t>((after->length - before.length).ms);
  const std::uint64_t width = after->part - before.part, into = part - before.part;
  const std::uint64_t whole = span / width * into + span % width * into / width;
  return before.length + base::Milliseconds(static_cast<std::int64_t>(whole));
}

}  // namespace lockstep::sim
