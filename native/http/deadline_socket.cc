#include "native/http/deadline_socket.h"

#include <sys/socket.h>

namespace lockstep::http {

void DeadlineSocket::ExpiresAfter(base::Duration limit) {
  deadline_ = Clock::now() + std::chrono::milliseconds(limit.ms);
  expired_ = false;
  progress_ = 0;
}

void DeadlineSocket::ExpireIfDue(Clock::time_point now) {
  if (now < deadline_) return;
  deadline_ = Clock::time_point::max();
  expired_ = true;  // for operations that begin later, too
  Cancel();
}

asio::awaitable<ErrorCode> DeadlineSocket::WaitReadable() {
  if (expired_) co_return asio::error::timed_out;
  ErrorCode ec;
  co_await socket_.async_wait(tcp::socket::wait_read,
                              asio::redirect_error(asio::use_awaitable, ec));
  co_return Reason(ec);
}

asio::awaitable<ErrorCode> DeadlineSocket::Read(beast::flat_buffer& buffer, std::size_t most) {
  if (expired_) co_return asio::error::timed_out;
  ErrorCode ec;
  const std::size_t n = co_await socket_.async_read_some(
      buffer.prepare(most), asio::redirect_error(asio::use_awaitable, ec));
  buffer.commit(n);
  co_return Reason(ec);
}

asio::awaitable<ErrorCode> DeadlineSocket::Write(std::string_view text, base::Duration limit) {
  ExpiresAfter(limit);
  ErrorCode ec;
  while (!ec && !text.empty()) {
    if (expired_) co_return asio::error::timed_out;
    const std::size_t n = co_await socket_.async_write_some(
        asio::buffer(text), asio::redirect_error(asio::use_awaitable, ec));
    text.remove_prefix(n);
    Progressed(n, limit);
  }
  co_return Reason(ec);
}

void DeadlineSocket::Progressed(std::size_t bytes, base::Duration limit) {
  constexpr std::size_t kEnough = 64 << 10;
  progress_ += bytes;
  if (progress_ >= kEnough && !expired_) ExpiresAfter(limit);
}

bool DeadlineSocket::HasLeft() {
  char byte;
  return recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

void DeadlineSocket::Cancel() {
  ErrorCode ignored;
  socket_.cancel(ignored);
}

void DeadlineSocket::Close() {
  ErrorCode ignored;
  socket_.close(ignored);
}

void DeadlineSocket::ShutdownSend() {
  ErrorCode ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
}

}  // namespace lockstep::http
