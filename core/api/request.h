// Request: a message from outside, read into what a Workspace takes.
#pragma once

#include <cstdint>
#include <string>

#include "core/api/message.h"
#include "core/api/workspace.h"
#include "core/base/result.h"
#include "core/rollout/pace.h"

namespace lockstep::api {

struct Request {
  Inputs inputs;
  Options options;
  rollout::Pace pace;
  std::string events;  ///< NDJSON
};

/// kInvalidArgument names the first member that is wrong.
base::Result<Request> ReadRequest(Message message);

}  // namespace lockstep::api
