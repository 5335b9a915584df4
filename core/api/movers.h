// Movers: what has to be taken out of one order to come to another, and put in again elsewhere.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace lockstep::api {

/// Something that stands in two orders.
struct Placed {
  std::uint32_t a = 0, b = 0;  ///< its places; no two share one
  std::uint64_t key = 0;       ///< what it is, whichever of the orders comes first
};

/// Of each item whether it moves: as few as possible, so all but a longest increasing subsequence.
/// Which of two neighbours that changed places has moved is decided by their keys alone: comparing
/// the other way round tells the same ones. O(n log n); REQUIRES at most 2^24 items.
std::vector<bool> FindMovers(std::span<const Placed> items);

/// The same on every machine. Keys of several texts are added.
std::uint64_t KeyOf(std::string_view text);

}  // namespace lockstep::api
