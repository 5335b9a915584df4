// What goes over HTTP, for whoever answers requests or sends them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lockstep::http {

struct Request {
  std::string method;  ///< "GET"; to a handler, HEAD is GET: the server leaves out the body itself
  std::string path;    ///< as sent, percent-encoded, without the query; begins with "/"
  /// Decoded, in the order of the request; "a" and "a=" both give {"a", ""}.
  std::vector<std::pair<std::string, std::string>> query;
  /// Values of these headers; "" when they are not there.
  std::string accept, authorization, content_type, host, if_none_match, last_event_id, origin;
  std::string body;
};

/// Events of a text/event-stream, one stream for each client.
class EventStream {
 public:
  virtual ~EventStream() = default;
  /// Complete events to send ("data: …\n\n"), "" when there are none now, nullopt at the end. Does
  /// not wait for events: other streams wait for its return. Called on threads of the server, one
  /// call at a time.
  virtual std::optional<std::string> Next() = 0;
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;  ///< all others
  std::unique_ptr<EventStream> events;  ///< sent instead of the body, as text/event-stream
};

/// Numbers of google.rpc.Code, as far as servers of this folder say them.
enum class RpcCode {
  kInvalidArgument = 3,
  kDeadlineExceeded = 4,
  kNotFound = 5,
  kResourceExhausted = 8,
  kUnimplemented = 12,
  kInternal = 13,
  kUnavailable = 14,
};

/// {"code": 5, "message": "…", "details": []}: an error as grpc-gateway writes it.
Response ErrorResponse(int status, RpcCode code, std::string_view message);

/// nullopt when a "%" has no two hexadecimal digits behind it. "+" stays as it is.
std::optional<std::string> PercentDecoded(std::string_view text);
/// Fit for one segment of a path and for a query: only letters, digits and "-._~" stay.
std::string PercentEncoded(std::string_view text);

/// Fills path and query from a request's target ("/a?b=c", "http://host/a"); false when it is none.
bool ParseTarget(std::string_view target, Request& request);

}  // namespace lockstep::http
