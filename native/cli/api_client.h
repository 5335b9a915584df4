// ApiClient: the services as the verbs of the four objects use them: those of a server, or the same
// over the local ledger, without one.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/service/message.h"
#include "native/cli/service_settings.h"

namespace lockstep::cli {

/// Which services a verb speaks to.
struct ApiSettings {
  std::string server;  ///< "http://…"; "" = the local ledger
  std::string project = "default";
  PlanSettings plan;
  ExecutionSettings execution;
  std::string format = "text";
};
Argument ServerArgument(ApiSettings& settings);
Argument ProjectArgument(ApiSettings& settings);
/// `own`, and --server, --project, --ledger, --format, --inventory, --sheets, --semantics.
std::vector<Argument> WithApiArguments(std::vector<Argument> own, ApiSettings& settings);

using Query = std::vector<std::pair<std::string, std::string>>;

class ApiClient {
 public:
  /// With a server, its token is that of LOCKSTEP_TOKEN.
  static base::Result<std::unique_ptr<ApiClient>> Open(const ApiSettings& settings);
  virtual ~ApiClient() = default;

  /// "projects/p/plans/101" behind /v1/. The answer's JSON; an error as the server says it.
  virtual base::Result<std::string> Send(std::string_view verb, const std::string& path,
                                         const Query& query = {}, std::string body = "") = 0;
};

/// "projects/p/plans/101" of that name, or of "101" in the settings' project.
std::string FullName(const ApiSettings& settings, std::string_view collection,
                     const std::string& word);

/// An answer that can be looked into. Never an error: it came from a server that speaks JSON.
class AnswerJson {
 public:
  static base::Result<AnswerJson> Parse(std::string text);
  json::Value root() const { return body_->root(); }
  /// "" when it is not there.
  std::string Text(std::string_view member) const;
  static std::string Text(json::Value object, std::string_view member);
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::unique_ptr<service::Body> body_;
};

/// What Send says, as something that can be looked into.
base::Result<AnswerJson> Ask(ApiClient& client, std::string_view verb, const std::string& path,
                             const Query& query = {}, std::string body = "");

/// All pages of a list as one answer: {"plans": […]}.
base::Result<AnswerJson> ListAll(ApiClient& client, const std::string& path,
                                 const std::string& member, Query query = {});

/// The name of what was made or changed, and a line end.
std::string NameLine(const AnswerJson& answer);
/// Prints it: as it came for --format json, else by `print`.
int PrintAnswer(const ApiSettings& settings, const base::Result<AnswerJson>& answer,
                const std::function<std::string(const AnswerJson&)>& print);

}  // namespace lockstep::cli
