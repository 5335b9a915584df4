// A `lockstep serve` that can be asked, killed and started again.
#pragma once

#include <memory>
#include <string>

#include "native/http/message.h"
#include "tests/e2e/crash/victim.h"
#include "tests/servers/server.h"
#include "tests/unit/native/service_fixture.h"

namespace lockstep::e2e {

using service::Reply;

inline constexpr const char* kToken = "a-token-of-the-ci-system";

class Serve {
 public:
  /// Starts it in the folder, on a free port, with these flags and NAME=VALUE of its environment.
  explicit Serve(const Folder& folder, Words flags = {}, Words variables = {});

  void Start();                          ///< again, on the same ledger; the port is another
  void Kill(bool with_runners = false);  ///< -9
  int Terminate();                       ///< exit code
  const std::string& url() const { return url_; }
  std::string Output() const { return folder_.Read("output"); }  ///< of all starts

  /// "POST", "/v1/projects/p/rollouts?target="
  Reply Ask(std::string_view verb, std::string_view where, std::string_view body = "") const;
  Reply Get(const std::string& name) const { return Ask("GET", "/v1/" + name); }
  http::Response Send(http::Request request) const;

  std::string token;  ///< sent with every request, when there is one

 private:
  const Folder& folder_;
  const Words flags_, variables_;
  std::unique_ptr<Victim> process_;
  std::string url_;
};

/// What curl gets; its body comes from a pipe.
Reply Curl(const Folder& folder, const std::string& url, const std::string& verb,
           const std::string& body = "", const Words& options = {});

/// {"title", "content"} of a new sheet.
std::string SheetJson(const std::string& title, const std::string& sql);

/// "6 DONE", "1 FAILED, 5 DONE": the tasks of a rollout that was answered.
std::string TaskCounts(const Reply& rollout);

/// Asks until the tasks are counted so; the last answer.
Reply WaitForTasks(const Serve& serve, const std::string& rollout, const std::string& counts);

/// `text` with every `from` replaced.
std::string Replaced(std::string text, const std::string& from, const std::string& to);

}  // namespace lockstep::e2e
