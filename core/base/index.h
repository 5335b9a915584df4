// Strong dense indices: a task is TaskIndex 17, not an int. Dense so that lookups are array reads
// and order is always plan order.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "core/base/check.h"

namespace lockstep::base {

template <class Tag>
class Index {
 public:
  constexpr Index() = default;
  constexpr explicit Index(std::size_t value) : value_(static_cast<std::uint32_t>(value)) {}

  constexpr bool valid() const { return value_ != kNone; }
  constexpr std::uint32_t value() const { return value_; }
  constexpr auto operator<=>(const Index&) const = default;
  constexpr Index& operator++() {
    ++value_;
    return *this;
  }

 private:
  static constexpr std::uint32_t kNone = 0xffffffff;
  std::uint32_t value_ = kNone;
};

/// A half-open range of indices: `for (TaskIndex t : stage.tasks)`.
template <class I>
struct IndexRange {
  struct Iterator {
    I at;
    I operator*() const { return at; }
    Iterator& operator++() {
      ++at;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return at != other.at; }
    bool operator==(const Iterator& other) const { return at == other.at; }
  };
  I first{0};
  I last{0};  ///< one past the end

  Iterator begin() const { return {first}; }
  Iterator end() const { return {last}; }
  std::size_t size() const { return last.value() - first.value(); }
  bool empty() const { return first == last; }
  bool operator==(const IndexRange&) const = default;
};

/// A vector that is indexed by I and by nothing else.
template <class I, class T>
class IndexVector {
 public:
  IndexVector() = default;
  explicit IndexVector(std::size_t size, const T& value = T()) : items_(size, value) {}

  decltype(auto) operator[](I index) {
    if (index.value() >= items_.size()) [[unlikely]] IndexOutOfRange();
    return items_[index.value()];
  }
  decltype(auto) operator[](I index) const {
    if (index.value() >= items_.size()) [[unlikely]] IndexOutOfRange();
    return items_[index.value()];
  }
  T& emplace_back() { return items_.emplace_back(); }
  I push_back(T item) {
    items_.push_back(std::move(item));
    return I(items_.size() - 1);
  }
  std::size_t size() const { return items_.size(); }
  bool empty() const { return items_.empty(); }
  void reserve(std::size_t size) { items_.reserve(size); }
  void resize(std::size_t size, const T& value = T()) { items_.resize(size, value); }
  I next() const { return I(items_.size()); }
  IndexRange<I> indices() const { return {I(0), I(items_.size())}; }
  auto begin() { return items_.begin(); }
  auto end() { return items_.end(); }
  auto begin() const { return items_.begin(); }
  auto end() const { return items_.end(); }
  T& back() { return items_.back(); }
  const T& back() const { return items_.back(); }
  bool operator==(const IndexVector&) const = default;

 private:
  std::vector<T> items_;
};

/// Where a list starts and ends in a shared pool: one allocation for the lists of 100,000 specs.
struct Slice {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  std::size_t size() const { return end - begin; }
  bool empty() const { return begin == end; }
  bool operator==(const Slice&) const = default;
  template <class T>
  std::span<const T> Of(const std::vector<T>& pool) const {
    if (begin > end || end > pool.size()) [[unlikely]] IndexOutOfRange();
    return std::span<const T>(pool.data() + begin, size());
  }
};

}  // namespace lockstep::base
