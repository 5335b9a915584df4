// Distribution: how long something may take: one length of time, lengths that were seen, or
// percentiles of them. Integers only, so that equal seeds draw equal numbers on every machine.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "core/base/time.h"

namespace lockstep::sim {

class Distribution {
 public:
  Distribution() = default;
  /// Implicit: a length of time is one that is certain.
  Distribution(base::Duration always) : constant_(always) {}

  /// Each as likely as the others. REQUIRES at least one.
  static Distribution OfSamples(std::vector<base::Duration> samples);
  /// Straight lines between percentiles, and nothing beyond the first and the last. REQUIRES at
  /// least one; percents 0 to 100, ascending; lengths that do not get shorter.
  static Distribution OfPercentiles(const std::vector<std::pair<int, base::Duration>>& percentiles);

  bool operator==(const Distribution& other) const;

  /// The lengths that it was made of, the shortest first; empty when it was made otherwise.
  std::vector<base::Duration> samples() const;
  bool is_constant() const { return points_ == nullptr; }
  base::Duration Median() const { return At(std::uint32_t{1} << 31); }
  /// The length below which `part` / 2^32 of all lie.
  base::Duration At(std::uint32_t part) const;

 private:
  struct Point {
    std::uint64_t part;  // of 2^32; unused by samples, whose place is their index
    base::Duration length;
    bool operator==(const Point&) const = default;
  };
  using Points = std::vector<Point>;
  static Distribution Of(Points points, bool samples);

  base::Duration constant_{0};
  std::shared_ptr<const Points> points_;  // none: a constant; shared by copies: never changed
  bool samples_ = false;
};

}  // namespace lockstep::sim
