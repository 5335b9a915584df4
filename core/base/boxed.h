// Boxed<T>: a T that is rarely there, held by pointer: an empty one costs a word and equals T(). A
// value like T: copies are deep, comparison is by content.
#pragma once

#include <memory>
#include <utility>

namespace lockstep::base {

template <class T>
class Boxed {
 public:
  Boxed() = default;
  Boxed(T value)  // NOLINT: implicit, so that it takes T's place
      : value_(value == T() ? nullptr : std::make_unique<T>(std::move(value))) {}
  Boxed(const Boxed& other)
      : value_(other.value_ == nullptr ? nullptr : std::make_unique<T>(*other.value_)) {}
  Boxed(Boxed&&) noexcept = default;
  Boxed& operator=(Boxed other) noexcept {
    value_ = std::move(other.value_);
    return *this;
  }

  /// Whether it differs from T().
  explicit operator bool() const { return value_ != nullptr; }
  const T& operator*() const {
    static const T kEmpty{};
    return value_ == nullptr ? kEmpty : *value_;
  }
  const T* operator->() const { return &**this; }

  bool operator==(const Boxed& other) const { return **this == *other; }

 private:
  std::unique_ptr<T> value_;
};

}  // namespace lockstep::base
