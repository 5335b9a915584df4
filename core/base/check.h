// LOCKSTEP_CHECK: for bugs only, always on. What a user can cause is a Diagnostic or an Error.
#pragma once

#include <string_view>

namespace lockstep::base {

/// What happens on a failed check, after which the process (or the WebAssembly module) is unusable.
/// A shell may install its own; it must not return.
using CheckHandler = void (*)(std::string_view message);
void SetCheckHandler(CheckHandler handler);

[[noreturn]] void CheckFailed(const char* file, int line, const char* condition,
                              std::string_view message);

/// The same for what is checked at thousands of places: without arguments, a call is small.
[[noreturn]] void IndexOutOfRange();

}  // namespace lockstep::base

#define LOCKSTEP_CHECK(condition, message)                                      \
  do {                                                                          \
    if (!(condition)) [[unlikely]]                                              \
      ::lockstep::base::CheckFailed(__FILE__, __LINE__, #condition, (message)); \
  } while (false)
