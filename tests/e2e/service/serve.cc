#include "tests/e2e/service/serve.h"

#include <signal.h>

#include <map>

#include "native/http/client.h"

namespace lockstep::e2e {
namespace {

constexpr base::Duration kTimeout = base::Seconds(60);
constexpr std::string_view kListening = "listening on ";

}  // namespace

Serve::Serve(const Folder& folder, Words flags, Words variables)
    : folder_(folder), flags_(std::move(flags)), variables_(std::move(variables)) {
  Start();
}

void Serve::Start() {
  process_.reset();
  const std::size_t before = Output().size();
  Words words = {"serve", "--listen", "127.0.0.1:0"};
  words.insert(words.end(), flags_.begin(), flags_.end());
  Words through = {"env"};
  through.insert(through.end(), variables_.begin(), variables_.end());
  process_ = std::make_unique<Victim>(folder_, words, through);
  const bool listens = tests::Eventually([&] {
    const std::string output = Output().substr(before);
    const std::size_t at = output.find(kListening);
    const std::size_t end = output.find('\n', at);
    if (at == std::string::npos || end == std::string::npos) return false;
    url_ = output.substr(at + kListening.size(), end - at - kListening.size());
    return true;
  });
  EXPECT_TRUE(listens) << Output();
}

void Serve::Kill(bool with_runners) {
  const std::vector<pid_t> runners = process_->Clients();
  kill(process_->pid(), SIGKILL);
  if (with_runners) {
    for (const pid_t runner : runners) kill(runner, SIGKILL);
  }
  process_->Wait();
}

int Serve::Terminate() {
  kill(process_->pid(), SIGTERM);
  return process_->Wait();
}

http::Response Serve::Send(http::Request request) const {
  if (!token.empty()) request.authorization = "Bearer " + token;
  auto response = http::Send(url_, request, kTimeout);
  if (response.ok()) return std::move(*response);
  ADD_FAILURE() << request.path << ": " << response.error().message << Output();
  http::Response none;
  none.status = 0;
  none.body = "{}";
  return none;
}

Reply Serve::Ask(std::string_view verb, std::string_view where, std::string_view body) const {
  http::Request request;
  EXPECT_TRUE(http::ParseTarget(where, request)) << where;
  request.method = verb;
  request.body = body;
  if (!body.empty()) request.content_type = "application/json";
  const std::string path = request.path;
  http::Response response = Send(std::move(request));
  Reply reply({response.status, std::move(response.body)});
  service::DescribedAnswers described;
  reply.ExpectDescribed(described, verb, path);
  return reply;
}

Reply Curl(const Folder& folder, const std::string& url, const std::string& verb,
           const std::string& body, const Words& options) {
  Words words = {"curl", "-sS", "--max-time", "60", "-X", verb, "-w", "\n%{http_code}", url};
  if (!body.empty())
    words.insert(words.end(), {"-H", "Content-Type: application/json", "--data-binary", "@-"});
  words.insert(words.end(), options.begin(), options.end());
  const Ended ended = RunProgram(folder, words, body);
  EXPECT_EQ(ended.code, 0) << ended.err;
  const std::size_t line = ended.out.rfind('\n');
  if (line == std::string::npos) return Reply({0, "{}"});
  return Reply({std::atoi(ended.out.c_str() + line + 1), ended.out.substr(0, line)});
}

std::string SheetJson(const std::string& title, const std::string& sql) {
  base::JsonWriter writer;
  writer.BeginObject().Member("title", title).Member("content", service::EncodeBase64(sql));
  return writer.EndObject().Take();
}

std::string TaskCounts(const Reply& rollout) {
  std::map<std::string, int> counts;
  for (int stage = 0;; ++stage) {
    const std::string tasks = "stages." + std::to_string(stage) + ".tasks";
    const std::string count = rollout.Text(tasks);
    if (count == "-") break;
    for (int task = 0; task < std::stoi(count); ++task)
      ++counts[rollout.Text(tasks + "." + std::to_string(task) + ".status")];
  }
  std::string text;
  for (const auto& [status, count] : counts)
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + status;
  return text;
}

Reply WaitForTasks(const Serve& serve, const std::string& rollout, const std::string& counts) {
  Reply reply = serve.Get(rollout);
  const bool reached = tests::Eventually([&] {
    if (TaskCounts(reply) == counts) return true;
    reply = serve.Get(rollout);
    return false;
  });
  if (reached) return reply;
  http::Request events;
  events.method = "GET";
  events.path = "/v1/" + rollout + "/events";
  ADD_FAILURE() << counts << " never came, but " << TaskCounts(reply) << "\n"
                << serve.Send(std::move(events)).body << serve.Output();
  return reply;
}

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

}  // namespace lockstep::e2e
