#include "core/sim/distribution.h"

#include <algorithm>

#include "core/base/check.h"

namespace lockstep::sim {

using base::Duration;

Distribution Distribution::Of(Points points, bool samples) {
  LOCKSTEP_CHECK(!points.empty(), "a distribution of nothing");
  if (points.size() == 1) return points.front().length;
  Distribution made;
  made.points_ = std::make_shared<const Points>(std::move(points));
  made.samples_ = samples;
  return made;
}

Distribution Distribution::OfSamples(std::vector<Duration> samples) {
  std::sort(samples.begin(), samples.end());
  Points points;
  for (const Duration sample : samples) points.push_back({0, sample});
  return Of(std::move(points), /*samples=*/true);
}

Distribution Distribution::OfPercentiles(const std::vector<std::pair<int, Duration>>& percentiles) {
  Points points;
  for (const auto& [percent, length] : percentiles) {
    points.push_back({(std::uint64_t{1} << 32) * static_cast<unsigned>(percent) / 100, length});
  }
  return Of(std::move(points), /*samples=*/false);
}

bool Distribution::operator==(const Distribution& other) const {
  if (is_constant() || other.is_constant())
    return is_constant() && other.is_constant() && constant_ == other.constant_;
  return samples_ == other.samples_ && *points_ == *other.points_;
}

std::vector<Duration> Distribution::samples() const {
  std::vector<Duration> samples;
  if (!samples_) return samples;
  for (const Point& point : *points_) samples.push_back(point.length);
  return samples;
}

Duration Distribution::At(std::uint32_t part) const {
  if (is_constant()) return constant_;
  const Points& points = *points_;
  if (samples_) return points[std::uint64_t{part} * points.size() >> 32].length;
  const auto after =
      std::upper_bound(points.begin(), points.end(), part,
                       [](std::uint32_t value, const Point& point) { return value < point.part; });
  if (after == points.begin()) return points.front().length;
  if (after == points.end()) return points.back().length;
  const Point& before = *(after - 1);
  // span * into / width, whose product would not fit into 64 bits.
  const auto span = static_cast<std::uint64_t>((after->length - before.length).ms);
  const std::uint64_t width = after->part - before.part, into = part - before.part;
  const std::uint64_t whole = span / width * into + span % width * into / width;
  return before.length + base::Milliseconds(static_cast<std::int64_t>(whole));
}

}  // namespace lockstep::sim
