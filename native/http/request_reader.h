// Reads one request from a connection, within the limits of the server. For the server alone.
#pragma once

#include <optional>

#include "native/http/deadline_socket.h"
#include "native/http/message.h"
#include "native/http/server.h"

namespace lockstep::http {

/// A request, or why there is none: a refusal to be sent; without one the client has gone.
struct Received {
  std::optional<Request> request;
  std::optional<Response> refusal;
  bool head = false;        ///< the answer is to be sent without its body
  bool keep_alive = false;  ///< the client may send another one
};

/// `buffer` holds what came before, and afterwards what came behind the request.
asio::awaitable<Received> ReadRequest(DeadlineSocket& socket, beast::flat_buffer& buffer,
                                      const ServerOptions& options);

}  // namespace lockstep::http
