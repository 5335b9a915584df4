// Connection: one client of the server, request by request; answers keep their order because the
// next request is read when the one before is answered. For the server alone; all of it on the
// server's one I/O thread, but the handler and the event streams, which run on workers.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <set>

#include "native/http/deadline_socket.h"
#include "native/http/request_reader.h"
#include "native/http/server.h"

namespace lockstep::http {

class Connection;

/// What all connections of a server have in common.
struct Common {
  Common(const ServerOptions& chosen, Handler answers);

  ServerOptions options;
  Handler handler;
  std::set<Connection*> connections;
  std::size_t requests_at_work = 0;  // with a worker, or waiting for one
  bool stopping = false;
  asio::thread_pool workers;
  asio::thread_pool event_workers;  // apart: a thousand streams keep no request waiting
};

class Connection {
 public:
  /// Enters and leaves common.connections.
  Connection(Common& common, tcp::socket socket);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Until the client leaves, is refused or is slow, or the server stops.
  asio::awaitable<void> Serve();

  void ExpireIfDue(Clock::time_point now) { socket_.ExpireIfDue(now); }
  /// Common::stopping is set: what waits looks at it.
  void WakeUp();
  void Abort() { socket_.Close(); }

 private:
  asio::awaitable<bool> AwaitRequest();
  asio::awaitable<Response> Answer(const Request& request);
  asio::awaitable<bool> Send(Response response, bool head, bool keep_alive);
  asio::awaitable<void> Stream(std::unique_ptr<EventStream> events, Response response);
  asio::awaitable<std::optional<std::string>> Ask(EventStream& events);
  asio::awaitable<void> Linger();

  Common& common_;
  DeadlineSocket socket_;
  asio::steady_timer pause_;  // of an event stream
  beast::flat_buffer buffer_;
  bool idle_ = false;  // between requests
};

}  // namespace lockstep::http
