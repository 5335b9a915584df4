#include "core/check/interner.h"

#include <bit>
#include <cstring>

namespace lockstep::check {
namespace {

// Eight bytes a step, multiplied by a large odd number and folded (Fibonacci hashing).
std::uint32_t Hash(std::string_view text) {
  constexpr std::uint64_t kFactor = 0x9e3779b97f4a7c15ull;
  std::uint64_t state = text.size() * kFactor;
  const auto mix = [&](std::uint64_t word) {
    state = (state ^ word) * kFactor;
    state ^= state >> 32;
  };
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word;
    std::memcpy(&word, text.data() + at, 8);
    mix(word);
  }
  std::uint64_t rest = 0;
  if (at < text.size()) std::memcpy(&rest, text.data() + at, text.size() - at);
  mix(rest);
  return static_cast<std::uint32_t>(state);
}

}  // namespace

Interner::Interner(std::size_t expected)
    : slots_(std::bit_ceil(expected < 8 ? std::size_t{16} : 2 * expected)) {
  texts_.reserve(expected);
}

const Interner::Slot& Interner::Probe(std::string_view text, std::uint32_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (slot.number == kNone) return slot;
    if (slot.hash == hash && texts_[slot.number] == text) return slot;
  }
}

void Interner::Prefetch(std::string_view text) const {
  __builtin_prefetch(&slots_[Hash(text) & (slots_.size() - 1)]);
}

std::uint32_t Interner::Find(std::string_view text) const {
  return Probe(text, Hash(text)).number;
}

std::uint32_t Interner::Add(std::string_view text) {
  const std::uint32_t hash = Hash(text);
  auto& slot = const_cast<Slot&>(Probe(text, hash));  // a slot of this object's own table
  if (slot.number != kNone) return slot.number;
  const auto number = static_cast<std::uint32_t>(texts_.size());
  slot = {hash, number};
  texts_.push_back(text);
  if (2 * texts_.size() > slots_.size()) Grow();
  return number;
}

void Interner::Grow() {
  std::vector<Slot> old(2 * slots_.size());
  old.swap(slots_);
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.number == kNone) continue;
    std::size_t at = slot.hash & mask;
    while (slots_[at].number != kNone) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

}  // namespace lockstep::check
