#include "native/service/front.h"

#include <charconv>

#include "core/base/text.h"
#include "core/service/message.h"
#include "core/service/status.h"
#include "native/service/openapi.h"

namespace lockstep::service {
namespace {

using base::Error;
using base::ErrorCode;

http::Response Refusal(const Error& error) {
  http::Response response;
  response.status = HttpStatus(error.code);
  response.body = ErrorJson(error);
  return response;
}

/// The page of another site must not be able to have plans run here through somebody's browser:
/// neither by sending requests, nor by giving its own name this machine's address.
/// `open`: whoever reaches the port may ask.
base::Status CheckSite(const http::Request& request, bool open) {
  const std::string_view host = request.host;
  const std::size_t colon = host.rfind(':');
  const bool has_port = colon != std::string_view::npos && host.find(']', colon) == host.npos;
  const std::string_view name = has_port ? host.substr(0, colon) : host;
  const bool is_v4 = name.find_first_not_of("0123456789.") == name.npos;
  const bool is_loopback =
      name == "localhost" || name == "[::1]" || (is_v4 && name.starts_with("127."));
  if (open && !is_loopback) {
    return Error{ErrorCode::kPermissionDenied,
                 "this server answers to localhost alone, not to " + base::Quote(host)};
  }
  if (request.origin.empty() || request.origin == "http://" + request.host ||
      request.origin == "https://" + request.host)
    return {};
  return Error{ErrorCode::kPermissionDenied,
               "requests of pages from " + base::Quote(request.origin) + " are not answered"};
}

/// "projects/p/rollouts/101" of "/v1/projects/p/rollouts/101/events"; "" of another path.
std::string RolloutOfEvents(std::string_view path) {
  constexpr std::string_view kBegin = "/v1/", kEnd = "/events";
  if (!path.starts_with(kBegin) || !path.ends_with(kEnd)) return "";
  path.remove_prefix(kBegin.size());
  path.remove_suffix(kEnd.size());
  const bool is_rollout = path.starts_with("projects/") &&
                          path.find("/rollouts/") != std::string_view::npos &&
                          std::count(path.begin(), path.end(), '/') == 3;
  return is_rollout ? std::string(path) : "";
}

/// What happens in a rollout, as server-sent events: each with its sequence as id.
class RolloutEvents : public http::EventStream {
 public:
  RolloutEvents(Service& service, std::string rollout, std::uint64_t after)
      : service_(service), rollout_(std::move(rollout)), after_(after) {}

  std::optional<std::string> Next() override {
    if (ended_) return std::nullopt;
    const auto news = service_.With([&](Context& context) { return Read(context); });
    // Later again: a ledger that is busy is no end.
    return news.ok() ? *news : "";
  }

 private:
  base::Result<std::string> Read(Context& context) {
    const auto record = context.ledger.Find(rollout_);
    if (!record.ok()) return record.error();
    const auto rows = context.ledger.Events(record->id, after_);
    if (!rows.ok()) return rows.error();
    std::string text;
    for (const ledger::EventRow& row : *rows) {
      text += "id: " + std::to_string(row.sequence) + "\ndata: " + row.json + "\n\n";
      after_ = row.sequence;
    }
    if (rows->empty() && record->status == "DONE") {
      ended_ = true;
      text += "event: end\ndata: {}\n\n";
    }
    return text;
  }

  Service& service_;
  const std::string rollout_;
  std::uint64_t after_;
  bool ended_ = false;
};

struct LoginRequest {
  std::string password;
};
constexpr json::Field<LoginRequest> kLoginFields[] = {
    {"email", "email", json::Shape::kText},
    {"password", "password", json::Shape::kText, &ReadString<&LoginRequest::password>},
};
constexpr json::Message<LoginRequest> kLoginMessage{"the request", kLoginFields};

}  // namespace

Front::Front(Service& service, Options options)
    : service_(service), options_(std::move(options)), files_(options_.page) {}

base::Result<std::string> Front::UserOf(const http::Request& request) const {
  if (options_.tokens.empty()) return std::string(kLocalUser);
  constexpr std::string_view kBearer = "Bearer ";
  const std::string_view header = request.authorization;
  if (header.size() > kBearer.size() &&
      base::EqualsIgnoreCaseAscii(header.substr(0, kBearer.size()), kBearer)) {
    if (auto user = options_.tokens.UserOf(header.substr(kBearer.size()))) return std::move(*user);
    return Error{ErrorCode::kUnauthenticated, "this token is not known here"};
  }
  return Error{ErrorCode::kUnauthenticated,
               "a token is needed: send the header \"Authorization: Bearer TOKEN\""};
}

http::Response Front::Login(const http::Request& request) const {
  const auto login = ReadMessage(request.body, kLoginMessage);
  if (!login.ok()) return Refusal(login.error());
  if (!options_.tokens.empty() && !options_.tokens.UserOf(login->password))
    return Refusal({ErrorCode::kUnauthenticated,
                    "the password has to be a token of this server; it is the answer's, too"});
  base::JsonWriter writer;
  http::Response response;
  response.body = writer.BeginObject().Member("token", login->password).EndObject().Take();
  return response;
}

http::Response Front::AnswerApi(const http::Request& request, const std::string& user) {
  Call call;
  call.query = request.query;
  call.body = request.body;
  call.user = user;
  Service::Answer answer = service_.Handle(request.method, request.path, std::move(call));
  http::Response response;
  response.status = answer.status;
  response.body = std::move(answer.json);
  return response;
}

http::Response Front::AnswerEvents(const http::Request& request, const std::string& rollout) {
  std::uint64_t after = 0;
  const std::string& last = request.last_event_id;
  std::from_chars(last.data(), last.data() + last.size(), after);
  http::Response response;
  const bool streams = request.accept.find("text/event-stream") != std::string::npos;
  const auto lines = service_.With([&](Context& context) -> base::Result<std::string> {
    const auto record = context.ledger.Find(rollout);
    if (!record.ok()) return record.error();
    if (streams) return std::string();
    return context.ledger.EventLines(record->id, after);
  });
  if (!lines.ok()) return Refusal(lines.error());
  if (streams) {
    response.events = std::make_unique<RolloutEvents>(service_, rollout, after);
  } else {
    response.content_type = "application/x-ndjson";
    response.body = *lines;
  }
  return response;
}

/// The page knows by a line in its head that it comes from here.
http::Response Front::Page(const http::Request& request) const {
  if (options_.page.empty()) {
    http::Response response;
    response.status = 404;
    response.content_type = "text/plain; charset=utf-8";
    response.body =
        "The page is not here: build it (web/README.md) and start the server with --page FOLDER.\n"
        "The API is under /v1/, its description at /openapi.json.\n";
    return response;
  }
  http::Request wanted = request;
  const bool is_index = request.path == "/" || request.path == "/index.html";
  if (is_index) wanted.if_none_match.clear();  // what is sent differs from the file
  http::Response response = files_.Serve(wanted);
  const std::size_t head = is_index ? response.body.find("</head>") : std::string::npos;
  if (head != std::string::npos) {
    response.body.insert(head, "<meta name=\"lockstep-server\" content=\"/v1\">");
    std::erase_if(response.headers, [](const auto& header) { return header.first == "ETag"; });
  }
  return response;
}

http::Response Front::Answer(const http::Request& request) {
  if (auto site = CheckSite(request, options_.tokens.empty()); !site.ok())
    return Refusal(site.error());
  const std::string& path = request.path;
  const bool is_api = path.starts_with("/v1/");
  if (path == "/openapi.json") {
    http::Response response;
    response.body = OpenApi();
    return response;
  }
  if (!is_api) return Page(request);
  // Asked before anybody has a token.
  if (path == "/v1/auth/login" && request.method == "POST") return Login(request);
  const auto user = path == "/v1/actuator/info" ? std::string(kLocalUser) : UserOf(request);
  if (!user.ok()) {
    http::Response response = Refusal(user.error());
    response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return response;
  }
  if (const std::string rollout = RolloutOfEvents(path);
      !rollout.empty() && request.method == "GET")
    return AnswerEvents(request, rollout);
  return AnswerApi(request, *user);
}

}  // namespace lockstep::service
