// Calendar: when something may happen: inside windows, and never while a freeze lasts.
#pragma once

#include <string>
#include <vector>

#include "core/base/window.h"

namespace lockstep::base {

struct Freeze {
  Instant from, to;
  std::string reason;
};

class Calendar {
 public:
  /// Always.
  Calendar() = default;
  /// Without windows always, but for the freezes. Windows whose zone is not known never open.
  Calendar(std::vector<Window> windows, std::vector<Freeze> freezes, TimeZones zones)
      : windows_(std::move(windows)), freezes_(std::move(freezes)), zones_(std::move(zones)) {}

  const std::vector<Window>& windows() const { return windows_; }
  const std::vector<Freeze>& freezes() const { return freezes_; }
  bool always() const { return windows_.empty() && freezes_.empty(); }

  struct Interval {
    Instant from{kNever}, to{kNever};
    bool holds(Instant at) const { return from <= at && at < to; }
  };
  /// The open interval that holds `at`, or the next one; it is cut off about a year later. From
  /// kNever: none within a year in which it is not frozen all the time.
  Interval NextOpen(Instant at) const;

  /// The first moment, not before `at`, from which `length` fits into an open interval; kNever
  /// without one within a year as above.
  Instant NextStart(Instant at, Duration length) const;

 private:
  Interval FirstThatFits(Instant at, Duration length) const;
  Interval FirstWithinAYear(Instant at, Duration length) const;
  void Know(Instant at) const;
  std::vector<Interval> OpenBetween(Instant from, Instant to) const;
  void AddWindow(const Window& window, Instant from, Instant to,
                 std::vector<Interval>& intervals) const;

  std::vector<Window> windows_;
  std::vector<Freeze> freezes_;
  TimeZones zones_;
  // Simulations ask again and again, and clocks are dear: when it is open, as far as is known. The
  // last interval may be cut off.
  mutable Interval known_;
  mutable std::vector<Interval> open_;
};

}  // namespace lockstep::base
