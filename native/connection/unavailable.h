// The error of what is not there, or not now.
#pragma once

#include <string>
#include <utility>

#include "core/base/result.h"

namespace lockstep::connection {

inline base::Error Unavailable(std::string message) {
  return {base::ErrorCode::kUnavailable, std::move(message)};
}

}  // namespace lockstep::connection
