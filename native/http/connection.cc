#include "native/http/connection.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <ctime>
#include <exception>

namespace lockstep::http {
namespace {

using asio::use_awaitable;

/// How long a client that was told to go may take to do so.
constexpr base::Duration kLinger = base::Seconds(2);

/// "Sun, 06 Nov 1994 08:49:37 GMT".
std::string HttpDate(std::time_t now) {
  std::tm utc{};
  gmtime_r(&now, &utc);
  char text[32];
  return std::string(text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &utc));
}

/// A line end in a header would begin another one.
bool IsHeaderValue(std::string_view value) {
  return std::none_of(value.begin(), value.end(),
                      [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == '\x7f'; });
}

bool IsSendable(const Response& response) {
  return response.status >= 200 && response.status <= 599 && IsHeaderValue(response.content_type) &&
         std::all_of(response.headers.begin(), response.headers.end(),
                     [](const auto& header) { return IsHeaderValue(header.second); });
}

Response HandlerFailed() {
  return ErrorResponse(500, RpcCode::kInternal, "the server failed to answer this request");
}

template <class Body>
void FillHeader(const Response& response, beast::http::response<Body>& message) {
  message.version(11);
  message.result(static_cast<unsigned>(response.status));
  message.set(field::date, HttpDate(std::time(nullptr)));
  message.set("X-Content-Type-Options", "nosniff");
  for (const auto& [name, value] : response.headers) message.insert(name, value);
}

}  // namespace

Common::Common(const ServerOptions& chosen, Handler answers)
    : options(chosen),
      handler(std::move(answers)),
      workers(chosen.workers),
      event_workers(std::max<std::size_t>(1, chosen.workers / 2)) {}

Connection::Connection(Common& common, tcp::socket socket)
    : common_(common), socket_(std::move(socket)), pause_(socket_.executor()) {
  common_.connections.insert(this);
}

Connection::~Connection() {
  common_.connections.erase(this);
}

void Connection::WakeUp() {
  if (idle_) socket_.Cancel();
  pause_.cancel();
}

asio::awaitable<void> Connection::Serve() {
  for (bool keep_alive = true; keep_alive;) {
    if (!co_await AwaitRequest()) co_return;
    Received received = co_await ReadRequest(socket_, buffer_, common_.options);
    if (!received.request && !received.refusal) co_return;
    // Not "?:": GCC 12 destroys what co_await makes in there twice.
    Response response;
    if (received.request) {
      response = co_await Answer(*received.request);
    } else {
      response = std::move(*received.refusal);
    }
    keep_alive = received.keep_alive && received.request && !common_.stopping;
    if (std::unique_ptr<EventStream> events = std::move(response.events)) {
      response.content_type = "text/event-stream";
      response.headers.emplace_back("Cache-Control", "no-store");
      if (!received.head) co_return co_await Stream(std::move(events), std::move(response));
    }
    if (!co_await Send(std::move(response), received.head, keep_alive)) co_return;
  }
  co_await Linger();
}

/// False when none comes any more.
asio::awaitable<bool> Connection::AwaitRequest() {
  if (buffer_.size() > 0) co_return true;
  if (common_.stopping) co_return false;
  buffer_.shrink_to_fit();
  socket_.ExpiresAfter(common_.options.idle_timeout);
  idle_ = true;
  const ErrorCode ec = co_await socket_.WaitReadable();
  idle_ = false;
  co_return !ec;
}

asio::awaitable<Response> Connection::Answer(const Request& request) {
  const ServerOptions& options = common_.options;
  if (common_.requests_at_work >= options.workers + options.max_waiting) {
    Response busy = ErrorResponse(503, RpcCode::kUnavailable,
                                  "too many requests wait already; try again in a second");
    busy.headers.emplace_back("Retry-After", "1");
    co_return busy;
  }
  ++common_.requests_at_work;
  const auto work = [&handler = common_.handler, &request]() -> asio::awaitable<Response> {
    try {
      Response response = handler(request);
      co_return IsSendable(response) ? std::move(response) : HandlerFailed();
    } catch (...) {
      co_return HandlerFailed();
    }
  };
  Response response = co_await asio::co_spawn(common_.workers, work, use_awaitable);
  --common_.requests_at_work;
  co_return response;
}

/// False when the client did not take it.
asio::awaitable<bool> Connection::Send(Response response, bool head, bool keep_alive) {
  beast::http::response<beast::http::string_body> message;
  FillHeader(response, message);
  message.keep_alive(keep_alive);
  const bool has_body = response.status != 204 && response.status != 304;
  if (has_body) {
    if (!response.content_type.empty()) message.set(field::content_type, response.content_type);
    message.content_length(response.body.size());
    message.body() = std::move(response.body);
  }
  beast::http::response_serializer<beast::http::string_body> serializer(message);
  serializer.split(head);
  const auto done = [&] { return head ? serializer.is_header_done() : serializer.is_done(); };
  co_return !co_await socket_.Write(serializer, done, common_.options.write_timeout);
}

/// Its end is that of the connection, so the length need not be known.
asio::awaitable<void> Connection::Stream(std::unique_ptr<EventStream> events, Response response) {
  const ServerOptions& options = common_.options;
  beast::http::response<beast::http::empty_body> message;
  FillHeader(response, message);
  message.keep_alive(false);
  message.set(field::content_type, response.content_type);
  beast::http::response_serializer<beast::http::empty_body> serializer(message);
  const auto done = [&] { return serializer.is_done(); };
  if (co_await socket_.Write(serializer, done, options.write_timeout)) co_return;

  Clock::time_point last_said = Clock::now();
  while (!common_.stopping && !socket_.HasLeft()) {
    std::optional<std::string> text = co_await Ask(*events);
    if (!text) break;
    const Clock::time_point now = Clock::now();
    if (text->empty() && now - last_said >= std::chrono::milliseconds(options.heartbeat.ms)) {
      *text = ":\n\n";  // a comment: proxies and the client see that somebody is there
    }
    if (!text->empty()) {
      if (co_await socket_.Write(*text, options.write_timeout)) co_return;
      last_said = now;
    }
    if (common_.stopping) break;
    pause_.expires_after(std::chrono::milliseconds(options.event_interval.ms));
    ErrorCode woken;
    co_await pause_.async_wait(asio::redirect_error(use_awaitable, woken));
  }
  co_await Linger();
}

/// A stream that throws is at its end.
asio::awaitable<std::optional<std::string>> Connection::Ask(EventStream& events) {
  const auto work = [&events]() -> asio::awaitable<std::optional<std::string>> {
    try {
      co_return events.Next();
    } catch (...) {
      co_return std::nullopt;
    }
  };
  co_return co_await asio::co_spawn(common_.event_workers, work, use_awaitable);
}

/// A socket that is closed with something unread makes the client lose the answer. So: say that
/// this was all, and drop what still comes until the client closes its end.
asio::awaitable<void> Connection::Linger() {
  socket_.ShutdownSend();
  socket_.ExpiresAfter(kLinger);
  ErrorCode ec;
  while (!ec) {
    buffer_.clear();
    ec = co_await socket_.Read(buffer_, 64 << 10);
  }
}

}  // namespace lockstep::http
