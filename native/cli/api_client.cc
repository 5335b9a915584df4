#include "native/cli/api_client.h"

#include <cstdlib>
#include <optional>

#include "core/base/json_writer.h"
#include "core/base/text.h"
#include "core/service/status.h"
#include "native/http/client.h"
#include "native/report/output.h"
#include "native/service/plan_checker.h"
#include "native/service/service.h"
#include "native/service/tokens.h"

namespace lockstep::cli {
namespace {

using base::Error;
using base::ErrorCode;

constexpr base::Duration kTimeout = base::Seconds(60);

/// {"code", "message"} as an error of ours. Several codes share an HTTP status.
Error ErrorOf(int status, const std::string& body) {
  std::optional<ErrorCode> code;
  std::string message;
  if (const auto answer = AnswerJson::Parse(body); answer.ok()) {
    message = answer->Text("message");
    const auto number = answer->root().Find("code");
    if (number && number->kind() == json::Kind::kNumber)
      code = service::CodeOfGrpc(number->NumberText());
  }
  return {code.value_or(service::CodeOfHttpStatus(status)),
          message.empty() ? "the server answered with status " + std::to_string(status) : message};
}

class ServerClient : public ApiClient {
 public:
  explicit ServerClient(std::string server) : server_(std::move(server)) {
    if (const char* token = std::getenv("LOCKSTEP_TOKEN"); token != nullptr && *token != '\0')
      authorization_ = std::string("Bearer ") + token;
  }
  base::Result<std::string> Send(std::string_view verb, const std::string& path, const Query& query,
                                 std::string body) override {
    http::Request request;
    request.method = verb;
    request.path = "/v1/" + path;
    request.query = query;
    request.authorization = authorization_;
    if (!body.empty()) request.content_type = "application/json";
    request.body = std::move(body);
    auto response = http::Send(server_, request, kTimeout);
    if (!response.ok()) return response.error();
    if (response->status >= 300) return ErrorOf(response->status, response->body);
    return std::move(response->body);
  }

 private:
  const std::string server_;
  std::string authorization_;
};

class LocalClient : public ApiClient {
 public:
  explicit LocalClient(std::unique_ptr<service::Service> service) : service_(std::move(service)) {}
  base::Result<std::string> Send(std::string_view verb, const std::string& path, const Query& query,
                                 std::string body) override {
    service::Call call;
    call.query = query;
    call.body = std::move(body);
    call.user = service::kLocalUser;
    auto answer = service_->Handle(verb, "/v1/" + path, std::move(call));
    service_->checker().Wait();  // nobody goes on with checks when this process has ended
    if (answer.status >= 300) return ErrorOf(answer.status, answer.json);
    return std::move(answer.json);
  }

 private:
  std::unique_ptr<service::Service> service_;
};

}  // namespace

Argument ServerArgument(ApiSettings& settings) {
  return {.name = "--server",
          .target = &settings.server,
          .help = "a `lockstep serve` (token: LOCKSTEP_TOKEN), instead of the local ledger",
          .value = "URL"};
}

Argument ProjectArgument(ApiSettings& settings) {
  return {.name = "--project",
          .target = &settings.project,
          .help = "of numbers and new objects (default: default)",
          .value = "PROJECT"};
}

std::vector<Argument> WithApiArguments(std::vector<Argument> own, ApiSettings& settings) {
  own.insert(own.end(), {ServerArgument(settings), ProjectArgument(settings),
                         LedgerArgument(settings.execution.ledger),
                         FormatArgument(settings.format, {"text", "json"})});
  AddServiceArguments(own, settings.plan);
  return own;
}

base::Result<std::unique_ptr<ApiClient>> ApiClient::Open(const ApiSettings& settings) {
  if (!settings.server.empty())
    return std::unique_ptr<ApiClient>(std::make_unique<ServerClient>(settings.server));
  auto made = MakeServiceSettings(settings.plan, settings.execution);
  if (!made.ok()) return made.error();
  // Who asks here runs what is asked for, or says so.
  auto service = service::Service::Open(std::move(*made), [](std::string_view) {});
  if (!service.ok()) return service.error();
  return std::unique_ptr<ApiClient>(std::make_unique<LocalClient>(std::move(*service)));
}

std::string FullName(const ApiSettings& settings, std::string_view collection,
                     const std::string& word) {
  if (word.find('/') != std::string::npos) return word;
  return "projects/" + settings.project + "/" + std::string(collection) + "/" + word;
}

base::Result<AnswerJson> AnswerJson::Parse(std::string text) {
  auto body = service::Body::Parse(text);
  if (text.empty() || !body.ok())
    return Error{ErrorCode::kCorrupt, "the answer is no JSON object; is that a Lockstep server?"};
  AnswerJson answer;
  answer.text_ = std::move(text);
  answer.body_ = std::move(*body);
  return answer;
}

std::string AnswerJson::Text(json::Value object, std::string_view member) {
  const auto value = object.Find(member);
  return value && value->kind() == json::Kind::kString ? std::string(value->AsString()) : "";
}

std::string AnswerJson::Text(std::string_view member) const {
  return Text(root(), member);
}

base::Result<AnswerJson> Ask(ApiClient& client, std::string_view verb, const std::string& path,
                             const Query& query, std::string body) {
  auto text = client.Send(verb, path, query, std::move(body));
  if (!text.ok()) return text.error();
  return AnswerJson::Parse(std::move(*text));
}

std::string NameLine(const AnswerJson& answer) {
  return answer.Text("name") + "\n";
}

base::Result<AnswerJson> ListAll(ApiClient& client, const std::string& path,
                                 const std::string& member, Query query) {
  query.emplace_back("pageSize", "1000");
  base::JsonWriter writer;
  writer.BeginObject().Key(member).BeginArray();
  for (std::string token;;) {
    Query page = query;
    if (!token.empty()) page.emplace_back("pageToken", token);
    const auto answer = Ask(client, "GET", path, page);
    if (!answer.ok()) return answer.error();
    if (const auto items = answer->root().Find(member);
        items && items->kind() == json::Kind::kArray) {
      for (const json::Value item : items->elements()) service::WriteValue(writer, item);
    }
    token = answer->Text("nextPageToken");
    if (token.empty()) break;
  }
  return AnswerJson::Parse(writer.EndArray().EndObject().Take());
}

int PrintAnswer(const ApiSettings& settings, const base::Result<AnswerJson>& answer,
                const std::function<std::string(const AnswerJson&)>& print) {
  if (!answer.ok()) return Fail(answer.error());
  report::Stdout().Write(settings.format == "json" ? answer->text() + "\n" : print(*answer));
  return native::kExitDone;
}

}  // namespace lockstep::cli
