// Interner: equal texts get equal dense numbers, in the order in which they are first seen. A flat
// table, because 100,000 spec ids in node-based maps cost more than all rules together.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace lockstep::check {

class Interner {
 public:
  static constexpr std::uint32_t kNone = 0xffffffff;

  explicit Interner(std::size_t expected = 0);

  /// The text's number. New texts get size() as it was before. The text must outlive the interner.
  std::uint32_t Add(std::string_view text);
  /// kNone when the text was never added.
  std::uint32_t Find(std::string_view text) const;

  /// Starts to bring the text's place in the table near: for walks over many texts, a few ahead.
  void Prefetch(std::string_view text) const;

  std::size_t size() const { return texts_.size(); }
  const std::vector<std::string_view>& texts() const { return texts_; }

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t number = kNone;
  };
  const Slot& Probe(std::string_view text, std::uint32_t hash) const;
  void Grow();

  std::vector<Slot> slots_;  // size is a power of two, at most half full
  std::vector<std::string_view> texts_;
};

}  // namespace lockstep::check
