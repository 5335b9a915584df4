#include "core/api/movers.h"

#include <algorithm>
#include <numeric>

#include "core/base/check.h"

namespace lockstep::api {
namespace {

constexpr std::uint32_t kNone = 0xffffffff;
// An item counts this much and a few bits of its key: the longest subsequence is the heaviest one,
// and among equally long ones the keys decide.
constexpr std::uint64_t kOne = 1ull << 40;
constexpr std::uint64_t kKeyBits = 0x7fff;
constexpr std::size_t kMostItems = 1u << 24;

struct Chain {
  std::uint64_t weight = 0;
  std::uint32_t last = kNone;
};

/// The heaviest chain that ends below a place (a Fenwick tree of maxima).
class HeaviestBelow {
 public:
  explicit HeaviestBelow(std::size_t places) : best_(places + 1) {}

  Chain Below(std::size_t place) const {
    Chain found;
    for (; place > 0; place &= place - 1) {
      if (best_[place].weight > found.weight) found = best_[place];
    }
    return found;
  }
  void Put(std::size_t place, const Chain& chain) {
    for (++place; place < best_.size(); place += place & (~place + 1)) {
      if (chain.weight > best_[place].weight) best_[place] = chain;
    }
  }

 private:
  std::vector<Chain> best_;
};

/// The items, by one of their places.
std::vector<std::uint32_t> Sorted(std::span<const Placed> items, std::uint32_t Placed::*place) {
  std::vector<std::uint32_t> order(items.size());
  std::iota(order.begin(), order.end(), 0u);
  const auto before = [&](std::uint32_t x, std::uint32_t y) {
    return items[x].*place < items[y].*place;
  };
  if (!std::is_sorted(order.begin(), order.end(), before))
    std::sort(order.begin(), order.end(), before);
  return order;
}

}  // namespace

std::vector<bool> FindMovers(std::span<const Placed> items) {
  LOCKSTEP_CHECK(items.size() <= kMostItems, "too many items for their weights");
  const std::vector<std::uint32_t> by_a = Sorted(items, &Placed::a);
  const std::vector<std::uint32_t> by_b = Sorted(items, &Placed::b);
  if (by_a == by_b) return std::vector<bool>(items.size(), false);
  std::vector<std::uint32_t> rank(items.size());
  for (std::uint32_t i = 0; i < by_b.size(); ++i) rank[by_b[i]] = i;

  std::vector<std::uint32_t> before(items.size(), kNone);
  HeaviestBelow heaviest(items.size());
  for (const std::uint32_t item : by_a) {
    const Chain chain = heaviest.Below(rank[item]);
    before[item] = chain.last;
    heaviest.Put(rank[item], {chain.weight + kOne + (items[item].key & kKeyBits), item});
  }
  std::vector<bool> moves(items.size(), true);
  for (std::uint32_t at = heaviest.Below(items.size()).last; at != kNone; at = before[at])
    moves[at] = false;
  return moves;
}

std::uint64_t KeyOf(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325ull;  // FNV-1a, its high bits folded into the low ones
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
  return hash ^ hash >> 32;
}

}  // namespace lockstep::api
