// Status: how errors look to clients of the services: gRPC codes, the HTTP statuses that
// grpc-gateway gives them, and the body {"code", "message", "details"} (plan-semantics §1.12, item
// 16).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace lockstep::service {

int GrpcCode(base::ErrorCode code);    ///< 3 for INVALID_ARGUMENT, …
int HttpStatus(base::ErrorCode code);  ///< 400, …
/// "message" is in no other answer: clients take it for an error wherever they see it.
std::string ErrorJson(const base::Error& error);

/// The same for an answer of a server, read back: what went wrong, in our terms. Several codes
/// share an HTTP status: the number in the body says more.
std::optional<base::ErrorCode> CodeOfGrpc(std::string_view number);
base::ErrorCode CodeOfHttpStatus(int status);

}  // namespace lockstep::service
