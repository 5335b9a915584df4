// Result<T>: an operation that can fail for a reason outside the program. Problems of a plan are
// diagnostics (core/diagnostics), bugs are LOCKSTEP_CHECK.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "core/base/check.h"

namespace lockstep::base {

enum class ErrorCode {
  kInvalidArgument,     ///< the caller asked for something that cannot be
  kNotFound,            ///< a named thing does not exist
  kAlreadyExists,       ///< a thing that was to be made is there
  kFailedPrecondition,  ///< the thing exists, but not in a state that allows this
  kUnavailable,         ///< held by somebody else, or out of reach: trying later may work
  kPermissionDenied,
  kUnauthenticated,     ///< nobody knows who asks
  kUnimplemented,       ///< a thing of the API that Lockstep does not do
  kResourceExhausted,  ///< a stated limit is passed
  kIo,                 ///< the operating system refused
  kCorrupt,            ///< stored data contradict themselves
};

struct Error {
  ErrorCode code;
  std::string message;  ///< a sentence for a person, with the way out where there is one
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}  // NOLINT: implicit, so that `return value;` works
  Result(Error error) : state_(std::move(error)) {}  // NOLINT

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() {
    LOCKSTEP_CHECK(ok(), error_message());
    return *std::get_if<0>(&state_);
  }
  const T& value() const {
    LOCKSTEP_CHECK(ok(), error_message());
    return *std::get_if<0>(&state_);
  }
  T& operator*() { return value(); }
  const T& operator*() const { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const {
    LOCKSTEP_CHECK(!ok(), "no error");
    return *std::get_if<1>(&state_);
  }

 private:
  std::string error_message() const { return ok() ? "" : std::get_if<1>(&state_)->message; }
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT

  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  const Error& error() const {
    LOCKSTEP_CHECK(!ok(), "no error");
    return *error_;
  }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace lockstep::base
