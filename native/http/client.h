// One request to an HTTP server, and its answer.
#pragma once

#include <string_view>

#include "core/base/result.h"
#include "core/base/time.h"
#include "native/http/message.h"

namespace lockstep::http {

/// Sends `request` to `server` ("http://host", "http://[::1]:8080/prefix") and blocks until the
/// answer, whatever its status, is there. Of the request's headers authorization, content_type,
/// if_none_match, last_event_id and origin are sent. The answer's body is at most 1 GiB.
/// kInvalidArgument: no such URL, or https; kUnavailable: no host, nobody listens, no answer in
/// time; kCorrupt: what answers is no HTTP server.
base::Result<Response> Send(std::string_view server, const Request& request,
                            base::Duration timeout);

}  // namespace lockstep::http
