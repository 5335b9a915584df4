#include "native/http/server.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>

#include "native/http/connection.h"

namespace lockstep::http {
namespace {

/// How exactly deadlines are kept.
constexpr auto kSweep = std::chrono::milliseconds(100);

base::Error ListenError(const ServerOptions& options, int number) {
  const std::string port = std::to_string(options.port);
  switch (number) {
    case EADDRINUSE:
      return {base::ErrorCode::kUnavailable,
              "port " + port + " of " + options.address +
                  " is taken by another program; choose another port, or 0 for any that is free"};
    case EACCES:
    case EPERM:
      return {base::ErrorCode::kPermissionDenied, "not allowed to listen at port " + port + " of " +
                                                      options.address +
                                                      "; ports from 1024 on are open to everybody"};
    case EADDRNOTAVAIL:
      return {base::ErrorCode::kInvalidArgument,
              "this machine has no address " + options.address +
                  "; 127.0.0.1 is the machine itself, 0.0.0.0 all of its addresses"};
    default:
      return {base::ErrorCode::kIo,
              "cannot listen at port " + port + " of " + options.address + ": " + strerror(number)};
  }
}

/// Asio would make sockets that child processes inherit.
int ListeningSocket(const tcp::endpoint& endpoint) {
  const int fd =
      socket(endpoint.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP);
  if (fd < 0) return -1;
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd, endpoint.data(), static_cast<socklen_t>(endpoint.size())) == 0 &&
      listen(fd, SOMAXCONN) == 0) {
    return fd;
  }
  const int number = errno;
  close(fd);
  errno = number;
  return -1;
}

/// What happens once a coroutine has ended: one that threw was out of memory, and its connection
/// is closed by then.
void Forget(std::exception_ptr) {}

}  // namespace

struct Server::Impl {
  Impl(const ServerOptions& options, Handler handler)
      : common(options, std::move(handler)), acceptor(io), stop(io), room(io), sweep(io) {}

  asio::awaitable<void> Accept();
  asio::awaitable<void> Serve(tcp::socket socket);
  asio::awaitable<void> AwaitStop();
  asio::awaitable<void> Sweep();

  Common common;  // before `io`, which holds the connections
  asio::io_context io{1};
  tcp::acceptor acceptor;
  asio::posix::stream_descriptor stop;  // an eventfd
  asio::steady_timer room;              // waits until a connection ends
  asio::steady_timer sweep;
  Clock::time_point drained = Clock::time_point::max();  // when Stop cuts off
  std::uint16_t port = 0;
};

asio::awaitable<void> Server::Impl::Accept() {
  ErrorCode ec;
  auto wait = asio::redirect_error(asio::use_awaitable, ec);
  while (!common.stopping) {
    bool full = common.connections.size() >= common.options.max_connections;
    if (!full) {
      co_await acceptor.async_wait(tcp::acceptor::wait_read, wait);
      if (ec) co_return;
      const int fd =
          accept4(acceptor.native_handle(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
      if (fd >= 0) {
        const int on = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        const auto protocol = acceptor.local_endpoint(ec).protocol();
        asio::co_spawn(io, Serve(tcp::socket(io, protocol, fd)), Forget);
      } else {
        // That client has gone already; or, mostly, there is no descriptor left.
        full = errno != EAGAIN && errno != ECONNABORTED && errno != EINTR;
      }
    }
    if (full) {
      room.expires_after(kSweep);
      co_await room.async_wait(wait);
    }
  }
}

asio::awaitable<void> Server::Impl::Serve(tcp::socket socket) {
  {
    Connection connection(common, std::move(socket));
    co_await connection.Serve();
  }
  room.cancel();
  if (common.stopping) sweep.cancel();
}

asio::awaitable<void> Server::Impl::AwaitStop() {
  ErrorCode ec;
  co_await stop.async_wait(asio::posix::stream_descriptor::wait_read,
                           asio::redirect_error(asio::use_awaitable, ec));
  common.stopping = true;
  drained = Clock::now() + std::chrono::milliseconds(common.options.drain_timeout.ms);
  acceptor.close(ec);
  room.cancel();
  sweep.cancel();
  for (Connection* connection : common.connections) connection->WakeUp();
}

/// Ends what has passed its deadline, and itself after the last connection.
asio::awaitable<void> Server::Impl::Sweep() {
  while (!common.stopping || !common.connections.empty()) {
    ErrorCode woken;
    sweep.expires_after(kSweep);
    co_await sweep.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    const Clock::time_point now = Clock::now();
    for (Connection* connection : common.connections) {
      connection->ExpireIfDue(now);
      if (now >= drained) connection->Abort();
    }
  }
}

base::Result<std::unique_ptr<Server>> Server::Listen(const ServerOptions& options,
                                                     Handler handler) {
  ErrorCode ec;
  const auto address = asio::ip::make_address(options.address, ec);
  if (ec) {
    return base::Error{
        base::ErrorCode::kInvalidArgument,
        "not an address: \"" + options.address + "\"; write one like 127.0.0.1 or ::1, not a name"};
  }
  const tcp::endpoint endpoint(address, options.port);
  auto impl = std::make_unique<Impl>(options, std::move(handler));
  const int listening = ListeningSocket(endpoint);
  if (listening < 0) return ListenError(options, errno);
  impl->acceptor.assign(endpoint.protocol(), listening);
  impl->port = impl->acceptor.local_endpoint().port();
  const int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (event < 0) return ListenError(options, errno);
  impl->stop.assign(event);
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

std::uint16_t Server::port() const {
  return impl_->port;
}

void Server::Run() {
  asio::co_spawn(impl_->io, impl_->Accept(), Forget);
  asio::co_spawn(impl_->io, impl_->AwaitStop(), Forget);
  asio::co_spawn(impl_->io, impl_->Sweep(), Forget);
  impl_->io.run();
}

void Server::Stop() {
  const int before = errno;  // a signal handler leaves it as it was
  eventfd_write(impl_->stop.native_handle(), 1);
  errno = before;
}

}  // namespace lockstep::http
