#include "native/http/client.h"

#include <errno.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <charconv>
#include <chrono>
#include <exception>
#include <optional>
#include <string>

#include "core/base/text.h"
#include "native/http/asio.h"

namespace lockstep::http {
namespace {

constexpr std::uint64_t kMaxBody = 1 << 30;

struct Url {
  std::string host;  // without the brackets of an IPv6 address
  std::string port = "80";
  std::string authority;  // as written
  std::string prefix;     // of paths, without "/" at its end
};

base::Error BadUrl(std::string_view url, std::string_view why) {
  return {base::ErrorCode::kInvalidArgument,
          "cannot use the server " + base::Quote(url) + ": " + std::string(why)};
}

base::Result<Url> ParseUrl(std::string_view text) {
  constexpr std::string_view kScheme = "http://";
  if (text.starts_with("https://")) {
    return BadUrl(text, "https is not spoken here; put a proxy in front and write its http:// URL");
  }
  if (!text.starts_with(kScheme)) return BadUrl(text, "write it as http://HOST:PORT");
  if (text.find_first_of("?#@") != text.npos ||
      std::any_of(text.begin(), text.end(), [](char c) { return c <= ' ' || c == '\x7f'; })) {
    return BadUrl(text, "it is more than a host, a port and a path");
  }
  const std::string_view rest = text.substr(kScheme.size());
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  Url url;
  url.authority = rest.substr(0, slash);
  url.prefix = rest.substr(slash);
  while (url.prefix.ends_with('/')) url.prefix.pop_back();

  std::string_view host = url.authority;
  const bool in_brackets = host.starts_with('[');
  const std::size_t end = in_brackets ? host.find(']') : std::min(host.find(':'), host.size());
  if (end == host.npos) return BadUrl(text, "the \"[\" of its address has no \"]\"");
  std::string_view port = host.substr(end + (in_brackets ? 1 : 0));
  url.host = host.substr(in_brackets ? 1 : 0, end - (in_brackets ? 1 : 0));
  if (url.host.empty()) return BadUrl(text, "it names no host");
  if (port.empty()) return url;
  std::uint16_t number = 0;
  const auto [last, ec] = std::from_chars(port.data() + 1, port.data() + port.size(), number);
  if (port[0] != ':' || ec != std::errc() || last != port.data() + port.size() || number == 0) {
    return BadUrl(text, "a port is a number from 1 to 65535; an IPv6 address stands in [ ]");
  }
  url.port = port.substr(1);
  return url;
}

std::string Target(const Url& url, const Request& request) {
  std::string target = url.prefix + request.path;
  char separator = '?';
  for (const auto& [key, value] : request.query) {
    target += separator + PercentEncoded(key) + "=" + PercentEncoded(value);
    separator = '&';
  }
  return target;
}

/// What would end a line of the header early, and so send something else.
bool IsSendable(const Request& request) {
  const auto is_line = [](std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) == text.npos;
  };
  const auto is_word = [](std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
      return static_cast<unsigned char>(c) > ' ' && c != '\x7f';
    });
  };
  return is_word(request.method) && is_word(request.path) && request.path.starts_with('/') &&
         is_line(request.accept) && is_line(request.authorization) &&
         is_line(request.content_type) && is_line(request.if_none_match) &&
         is_line(request.last_event_id) && is_line(request.origin);
}

beast::http::request<beast::http::string_body> MessageOf(const Url& url, const Request& request) {
  beast::http::request<beast::http::string_body> message;
  message.version(11);
  message.method_string(request.method);
  message.target(Target(url, request));
  message.set(field::host, url.authority);
  message.keep_alive(false);
  const auto set = [&](beast::string_view name, const std::string& value) {
    if (!value.empty()) message.set(name, value);
  };
  set("Authorization", request.authorization);
  set("Accept", request.accept);
  set("Content-Type", request.content_type);
  set("If-None-Match", request.if_none_match);
  set("Last-Event-ID", request.last_event_id);
  set("Origin", request.origin);
  message.body() = request.body;
  message.prepare_payload();
  return message;
}

Response ResponseOf(beast::http::response<beast::http::string_body> message) {
  Response response;
  response.status = static_cast<int>(message.result_int());
  response.content_type = message[field::content_type];
  for (const auto& header : message) {
    if (header.name() == field::content_type) continue;
    response.headers.emplace_back(header.name_string(), header.value());
  }
  response.body = std::move(message.body());
  return response;
}

class Exchange {
 public:
  Exchange(std::string_view server, const Url& url, const Request& request, base::Duration timeout)
      : server_(base::Quote(server)), url_(url), request_(request), timeout_(timeout) {}

  base::Result<Response> Run() {
    std::exception_ptr thrown;
    asio::co_spawn(io_, Do(), [&](std::exception_ptr e) { thrown = e; });
    io_.run();
    if (thrown) std::rethrow_exception(thrown);
    return std::move(*result_);
  }

 private:
  asio::awaitable<void> Do();
  asio::awaitable<ErrorCode> Connect(const tcp::resolver::results_type& endpoints);

  base::Error Unavailable(const std::string& what) const {
    return {base::ErrorCode::kUnavailable, what};
  }
  base::Error Failure(ErrorCode ec) const {
    if (ec == beast::error::timeout) {
      return Unavailable("no answer from " + server_ + " within " + base::FormatDuration(timeout_) +
                         "; is it busy, or behind a firewall?");
    }
    if (ec.category() == make_error_code(beast::http::error::bad_method).category() &&
        ec != beast::http::error::end_of_stream && ec != beast::http::error::partial_message) {
      return {base::ErrorCode::kCorrupt, "what answers at " + server_ + " does not speak HTTP: " +
                                             ec.message() + "; check host and port"};
    }
    return Unavailable(server_ + " closed the connection before its answer was complete (" +
                       ec.message() + "); try again");
  }

  const std::string server_;
  const Url& url_;
  const Request& request_;
  const base::Duration timeout_;
  asio::io_context io_{1};
  beast::tcp_stream stream_{io_};
  std::optional<base::Result<Response>> result_;
};

/// One address after the other, in sockets that child processes do not inherit.
asio::awaitable<ErrorCode> Exchange::Connect(const tcp::resolver::results_type& endpoints) {
  ErrorCode ec = asio::error::host_not_found;
  for (const auto& entry : endpoints) {
    const tcp::endpoint endpoint = entry.endpoint();
    const int fd = socket(endpoint.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
    if (fd < 0) {
      ec.assign(errno, boost::system::system_category());
      continue;
    }
    ErrorCode ignored;
    stream_.socket().close(ignored);
    stream_.socket().assign(endpoint.protocol(), fd);
    co_await stream_.async_connect(endpoint, asio::redirect_error(asio::use_awaitable, ec));
    if (!ec || ec == beast::error::timeout) break;
  }
  co_return ec;
}

asio::awaitable<void> Exchange::Do() {
  ErrorCode ec;
  auto wait = asio::redirect_error(asio::use_awaitable, ec);
  stream_.expires_after(std::chrono::milliseconds(timeout_.ms));
  tcp::resolver resolver(io_);
  const auto endpoints = co_await resolver.async_resolve(url_.host, url_.port, wait);
  if (ec) {
    result_ = Unavailable("cannot find the host of " + server_ + ": " + ec.message() +
                          "; check its name");
    co_return;
  }
  ec = co_await Connect(endpoints);
  if (ec && ec != beast::error::timeout) {
    result_ = Unavailable("nobody listens at " + server_ + ": " + ec.message() +
                          "; start the server, or check host and port");
    co_return;
  }
  beast::http::response_parser<beast::http::string_body> parser;
  parser.body_limit(kMaxBody);
  parser.skip(request_.method == "HEAD");
  if (!ec) {
    const auto message = MessageOf(url_, request_);
    co_await beast::http::async_write(stream_, message, wait);
    // A server that refuses does so before it has read everything: it may have said why.
    const bool refused = ec == asio::error::broken_pipe || ec == asio::error::connection_reset;
    if (refused) ec = {};
  }
  if (!ec) {
    beast::flat_buffer buffer;
    co_await beast::http::async_read(stream_, buffer, parser, wait);
  }
  if (ec) {
    result_ = Failure(ec);
  } else {
    result_ = ResponseOf(parser.release());
  }
}

}  // namespace

base::Result<Response> Send(std::string_view server, const Request& request,
                            base::Duration timeout) {
  const base::Result<Url> url = ParseUrl(server);
  if (!url) return url.error();
  if (!IsSendable(request)) {
    return base::Error{base::ErrorCode::kInvalidArgument,
                       "cannot send a request to " + base::Quote(request.path) +
                           ": its method, path or a header holds what HTTP cannot say"};
  }
  return Exchange(server, *url, request, timeout).Run();
}

}  // namespace lockstep::http
