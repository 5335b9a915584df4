#include "native/http/request_reader.h"

#include <algorithm>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <string>

#include "core/base/text.h"

namespace lockstep::http {
namespace {

using Parser = beast::http::request_parser<beast::http::string_body>;
using ParseError = beast::http::error;

constexpr std::size_t kHeaderRead = 4 << 10;
constexpr std::size_t kBodyRead = 64 << 10;

Response Malformed(std::string_view what) {
  return ErrorResponse(400, RpcCode::kInvalidArgument, "malformed request: " + std::string(what));
}

/// What the client is told; nothing when it has gone.
std::optional<Response> Refusal(ErrorCode ec, const ServerOptions& options) {
  if (ec == asio::error::timed_out) {
    return ErrorResponse(408, RpcCode::kDeadlineExceeded,
                         "the request did not arrive in time; send it again");
  }
  if (ec == ParseError::body_limit) {
    return ErrorResponse(
        413, RpcCode::kResourceExhausted,
        "the body is larger than the " + base::Plural(options.max_body, "byte") + " allowed here");
  }
  if (ec == ParseError::header_limit) {
    return ErrorResponse(431, RpcCode::kResourceExhausted,
                         "the header is larger than the " +
                             base::Plural(options.max_header, "byte") + " allowed here");
  }
  if (ec.category() == make_error_code(ParseError::bad_method).category()) {
    return Malformed(ec.message());
  }
  return std::nullopt;
}

/// Beast limits single lines of a header; this one all of it. Chunk sizes and trailers are lines as
/// well, so no more than `max_header` bytes ever wait for their end.
asio::awaitable<ErrorCode> ReadHeader(DeadlineSocket& socket, beast::flat_buffer& buffer,
                                      Parser& parser, const ServerOptions& options) {
  socket.ExpiresAfter(options.header_timeout);
  std::size_t parsed = 0;
  for (;;) {
    ErrorCode ec;
    const std::size_t n = parser.put(buffer.data(), ec);
    buffer.consume(n);
    parsed += n;
    const bool needs_more = ec == ParseError::need_more;
    if (parsed + (needs_more ? buffer.size() : 0) > options.max_header) {
      co_return ParseError::header_limit;
    }
    if (!needs_more) co_return ec;
    ec = co_await socket.Read(buffer, kHeaderRead);
    if (ec) co_return ec;
  }
}

asio::awaitable<ErrorCode> ReadBody(DeadlineSocket& socket, beast::flat_buffer& buffer,
                                    Parser& parser, const ServerOptions& options) {
  socket.ExpiresAfter(options.body_timeout);
  parser.eager(true);
  while (!parser.is_done()) {
    ErrorCode ec;
    if (buffer.size() > 0) {
      buffer.consume(parser.put(buffer.data(), ec));
      if (ec && ec != ParseError::need_more) co_return ec;
      if (ec && buffer.size() > options.max_header) co_return ParseError::header_limit;
      if (parser.is_done()) break;
    }
    const std::size_t before = buffer.size();
    ec = co_await socket.Read(buffer, kBodyRead);
    if (ec) co_return ec;
    socket.Progressed(buffer.size() - before, options.body_timeout);
  }
  co_return ErrorCode();
}

/// What Beast's parser lets through, and nobody should: see RFC 9112, sections 3.2 and 6.1.
std::optional<Response> Objection(const Parser& parser) {
  const auto& message = parser.get();
  const std::size_t hosts = message.count(field::host);
  if (hosts > 1 || (hosts == 0 && message.version() == 11)) {
    return Malformed("one Host header is needed");
  }
  const std::size_t encodings = message.count(field::transfer_encoding);
  if (encodings > 0 &&
      (encodings > 1 || message.version() < 11 ||
       !base::EqualsIgnoreCaseAscii(message[field::transfer_encoding], "chunked"))) {
    return Malformed("no Transfer-Encoding but chunked is known here");
  }
  if (message.count(field::expect) > 0 &&
      !base::EqualsIgnoreCaseAscii(message[field::expect], "100-continue")) {
    return ErrorResponse(417, RpcCode::kInvalidArgument, "unknown expectation; leave Expect out");
  }
  return std::nullopt;
}

std::optional<Request> RequestOf(const Parser& parser) {
  const auto& message = parser.get();
  Request request;
  if (!ParseTarget(message.target(), request)) return std::nullopt;
  request.method = message.method() == beast::http::verb::head ? "GET" : message.method_string();
  request.accept = message[field::accept];
  request.authorization = message[field::authorization];
  request.content_type = message[field::content_type];
  request.host = message[field::host];
  request.if_none_match = message[field::if_none_match];
  request.last_event_id = message["Last-Event-ID"];
  request.origin = message[field::origin];
  return request;
}

}  // namespace

asio::awaitable<Received> ReadRequest(DeadlineSocket& socket, beast::flat_buffer& buffer,
                                      const ServerOptions& options) {
  Received received;
  Parser parser;
  parser.header_limit(options.max_header);
  parser.body_limit(options.max_body);
  ErrorCode ec = co_await ReadHeader(socket, buffer, parser, options);
  received.head = parser.get().method() == beast::http::verb::head;
  if (!ec) {
    received.refusal = Objection(parser);
    if (received.refusal) co_return received;
    // Before the body: what follows it, trailers, would look like headers.
    received.request = RequestOf(parser);
    if (!received.request) {
      received.refusal = Malformed("a target is a path, and behind % stand two digits");
      co_return received;
    }
    const bool is_current = parser.get().version() == 11;
    received.keep_alive = is_current && parser.keep_alive();
    const bool waits = is_current && parser.get().count(field::expect) > 0;
    if (waits && !parser.is_done() && buffer.size() == 0) {
      ec = co_await socket.Write("HTTP/1.1 100 Continue\r\n\r\n", options.write_timeout);
    }
  }
  if (!ec) ec = co_await ReadBody(socket, buffer, parser, options);
  if (ec) {
    received.request.reset();
    received.refusal = Refusal(ec, options);
    co_return received;
  }
  received.request->body = std::move(parser.get().body());
  co_return received;
}

}  // namespace lockstep::http
