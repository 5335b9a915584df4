// An HTTP/1.1 server: one thread for all connections, a few for the handler. It knows nothing of
// what it serves. Boost (Beast and Asio) stands behind this header, which includes none of it.
//
// What it refuses itself, with the body of ErrorResponse: 400 a malformed request, 408 a slow one,
// 413 and 431 one too large, 417 an unknown expectation, 503 when too many wait. A handler that
// throws is 500. Every answer has `X-Content-Type-Options: nosniff`. Nothing that it opens reaches
// child processes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/base/time.h"
#include "native/http/message.h"

namespace lockstep::http {

struct ServerOptions {
  std::string address = "127.0.0.1";  ///< an IPv4 or IPv6 address of this machine, not a name
  std::uint16_t port = 0;             ///< 0: any that is free
  /// Handlers at once, 1 or more; half as many threads more ask the event streams.
  std::size_t workers = 4;
  std::size_t max_waiting = 1024;  ///< requests that wait for a worker; one more is answered 503
  /// Further clients wait until one leaves. A connection is a descriptor: the limit of the process
  /// (RLIMIT_NOFILE) is the caller's affair.
  std::size_t max_connections = 4096;
  std::uint64_t max_body = 100 << 20;   ///< bytes
  std::uint32_t max_header = 16 << 10;  ///< bytes, with the request line

  base::Duration idle_timeout = base::Seconds(60);    ///< between requests, and before the first
  base::Duration header_timeout = base::Seconds(10);  ///< from its first byte to its last
  /// Within each of these, the rest of the body must come, or 64 KiB of it.
  base::Duration body_timeout = base::Seconds(60);
  base::Duration write_timeout = base::Seconds(30);  ///< the same, for what the client has to take
  base::Duration drain_timeout = base::Seconds(5);   ///< how long Stop waits for what is under way

  base::Duration event_interval = base::Milliseconds(200);  ///< between two EventStream::Next
  base::Duration heartbeat = base::Seconds(15);  ///< a stream says something at least that often
};

/// Called on worker threads, several at a time; may block.
using Handler = std::function<Response(const Request&)>;

class Server {
 public:
  /// Clients may connect from now on; they are answered once it runs. kInvalidArgument: no such
  /// address; kUnavailable: the port is taken; kPermissionDenied.
  static base::Result<std::unique_ptr<Server>> Listen(const ServerOptions& options,
                                                      Handler handler);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const;

  /// Serves on this thread until Stop, and returns when no handler is at work any more. Once only.
  void Run();

  /// From any thread, or from a signal handler. Nobody is accepted any more, idle connections and
  /// event streams end, requests under way are answered; what has not ended after drain_timeout is
  /// cut off.
  void Stop();

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace lockstep::http
