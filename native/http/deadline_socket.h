// DeadlineSocket: a connected socket whose operations end at a deadline, with timed_out, and can
// then still be written to. (Beast's tcp_stream closes instead: nobody could be told.) For the
// server alone; one thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/write.hpp>
#include <chrono>
#include <cstddef>
#include <string_view>
#include <utility>

#include "core/base/time.h"
#include "native/http/asio.h"

namespace lockstep::http {

using Clock = std::chrono::steady_clock;

class DeadlineSocket {
 public:
  explicit DeadlineSocket(tcp::socket socket) : socket_(std::move(socket)) {}

  tcp::socket::executor_type executor() { return socket_.get_executor(); }

  /// The deadline of all that follows.
  void ExpiresAfter(base::Duration limit);
  /// Somebody has to call this now and then: there is no timer inside.
  void ExpireIfDue(Clock::time_point now);

  /// Until there is something to read; takes no memory meanwhile.
  asio::awaitable<ErrorCode> WaitReadable();
  /// At most `most` bytes, to the end of `buffer`.
  asio::awaitable<ErrorCode> Read(beast::flat_buffer& buffer, std::size_t most);
  asio::awaitable<ErrorCode> Write(std::string_view text, base::Duration limit);
  /// Of a Beast serializer, until done() is true.
  template <class Serializer, class Done>
  asio::awaitable<ErrorCode> Write(Serializer& serializer, Done done, base::Duration limit) {
    ExpiresAfter(limit);
    ErrorCode ec;
    while (!ec && !done()) {
      if (expired_) co_return asio::error::timed_out;
      const std::size_t n = co_await beast::http::async_write_some(
          socket_, serializer, asio::redirect_error(asio::use_awaitable, ec));
      Progressed(n, limit);
    }
    co_return Reason(ec);
  }

  /// `bytes` more came through: each 64 KiB move the deadline, so that who is slow without end
  /// ends.
  void Progressed(std::size_t bytes, base::Duration limit);

  /// The client has closed its end and there is nothing more to read.
  bool HasLeft();
  void Cancel();
  void Close();
  /// Nothing more will be written.
  void ShutdownSend();

 private:
  ErrorCode Reason(ErrorCode ec) const {
    return ec && expired_ ? ErrorCode(asio::error::timed_out) : ec;
  }

  tcp::socket socket_;
  Clock::time_point deadline_ = Clock::time_point::max();
  bool expired_ = false;
  std::size_t progress_ = 0;  // bytes since the deadline was moved
};

}  // namespace lockstep::http
