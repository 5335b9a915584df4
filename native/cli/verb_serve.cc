// serve: the services over HTTP, and the page.
#include <arpa/inet.h>
#include <signal.h>
#include <sys/resource.h>

#include <atomic>
#include <charconv>
#include <cstdlib>
#include <filesystem>

#include "core/base/text.h"
#include "native/cli/service_settings.h"
#include "native/http/server.h"
#include "native/report/output.h"
#include "native/service/automatic.h"
#include "native/service/front.h"
#include "native/service/plan_checker.h"
#include "native/service/supervisor.h"

namespace lockstep::cli {
namespace {

using base::Error;
using base::ErrorCode;

struct Serve {
  std::string listen = "127.0.0.1:8080";
  std::optional<std::string> token_file, page;
  PlanSettings plan_settings;
  ExecutionSettings settings;

  int operator()();
};

struct Address {
  std::string host;
  std::uint16_t port = 0;
};

/// "127.0.0.1:8080", "[::1]:8080", or a port alone.
base::Result<Address> ParseAddress(const std::string& text) {
  Address address{"127.0.0.1", 0};
  const std::size_t colon = text.rfind(':');
  std::string_view port = text;
  if (colon != std::string::npos) {
    address.host = text.substr(0, colon);
    port.remove_prefix(colon + 1);
    if (address.host.size() > 2 && address.host[0] == '[' && address.host.back() == ']')
      address.host = address.host.substr(1, address.host.size() - 2);
    if (address.host == "localhost") address.host = "127.0.0.1";
  }
  const auto [end, failed] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (failed != std::errc() || end != port.data() + port.size() || address.host.empty()) {
    return Error{
        ErrorCode::kInvalidArgument,
        "--listen takes an address and a port such as 127.0.0.1:8080, not " + base::Quote(text)};
  }
  return address;
}

bool IsLoopback(const std::string& host) {
  in_addr v4{};
  in6_addr v6{};
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  return inet_pton(AF_INET6, host.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

base::Result<service::Tokens> ReadTokens(const std::optional<std::string>& file) {
  service::Tokens tokens;
  if (file) {
    auto read = service::Tokens::FromFile(*file);
    if (!read.ok()) return read.error();
    tokens = std::move(*read);
  }
  if (const char* text = std::getenv("LOCKSTEP_TOKEN"); text != nullptr && *text != '\0') {
    auto read = service::Tokens::FromText(text, "LOCKSTEP_TOKEN");
    if (!read.ok()) return read.error();
    tokens.Add(std::move(*read));
  }
  return tokens;
}

/// The page that was built beside the sources, when no other is named.
std::string PageFolder(const std::optional<std::string>& named) {
  if (named) return *named;
  std::error_code ec;
  const std::filesystem::path built = LOCKSTEP_PAGE_FOLDER;
  return std::filesystem::exists(built / "index.html", ec) ? built.string() : "";
}

std::atomic<http::Server*> running_server{nullptr};
void OnSignal(int) {
  if (http::Server* server = running_server.load()) server->Stop();
}

/// As many clients as the machine lets one process have.
std::size_t RaiseDescriptorLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 256;
  limit.rlim_cur = limit.rlim_max;
  (void)setrlimit(RLIMIT_NOFILE, &limit);
  (void)getrlimit(RLIMIT_NOFILE, &limit);
  constexpr std::size_t kForOurselves = 256;  // ledgers, runners, files
  return limit.rlim_cur > 2 * kForOurselves ? limit.rlim_cur - kForOurselves : kForOurselves;
}

int Serve::operator()() {
  const auto address = ParseAddress(listen);
  if (!address.ok()) return Fail(address.error());
  auto tokens = ReadTokens(token_file);
  if (!tokens.ok()) return Fail(tokens.error());
  if (!IsLoopback(address->host) && tokens->empty()) {
    return Fail({ErrorCode::kFailedPrecondition,
                 "others can reach " + base::Quote(address->host) +
                     ", and they could run anything: give a token by LOCKSTEP_TOKEN or "
                     "--token-file, or listen on 127.0.0.1"});
  }
  auto made = MakeServiceSettings(plan_settings, settings);
  if (!made.ok()) return Fail(made.error());

  std::unique_ptr<service::Supervisor> supervisor;
  auto service = service::Service::Open(
      std::move(*made), [&](std::string_view rollout) { supervisor->Wake(rollout); });
  if (!service.ok()) return Fail(service.error());
  service::Front front(**service, {.tokens = std::move(*tokens), .page = PageFolder(page)});
  http::ServerOptions options{.address = address->host, .port = address->port};
  options.max_connections = std::min(options.max_connections, RaiseDescriptorLimit());
  auto server = http::Server::Listen(
      options, [&](const http::Request& request) { return front.Answer(request); });
  if (!server.ok()) return Fail(server.error());
  supervisor = std::make_unique<service::Supervisor>(
      settings.ledger,
      service::Supervisor::Options{RunnerArguments(settings),
                                   [](std::string text) { report::Stderr().Write(text + "\n"); }});
  (*service)->checker().TakeUp();
  const base::Status asked = (*service)->With(
      [](service::Context& context) { return service::AskForAllAutomaticTasks(context); });
  if (!asked.ok()) report::Complain(asked.error().message);
  running_server = server->get();
  for (const int number : {SIGINT, SIGTERM}) signal(number, OnSignal);
  const bool is_v6 = address->host.find(':') != std::string::npos;
  report::Stdout().Write("listening on http://" +
                         (is_v6 ? "[" + address->host + "]" : address->host) + ":" +
                         std::to_string((*server)->port()) + "\n");
  (*server)->Run();
  running_server = nullptr;
  for (const int number : {SIGINT, SIGTERM}) signal(number, SIG_IGN);
  report::Stdout().Write("stopping: running tasks are cancelled, and go on with the next start\n");
  supervisor.reset();
  return native::kExitDone;
}

}  // namespace

Verb ServeVerb() {
  auto self = std::make_shared<Serve>();
  Verb verb{.name = "serve",
            .summary = "Offer sheets, plans, rollouts and issues over HTTP, and run the rollouts",
            .examples =
                "  lockstep serve --inventory inventory.json\n"
                "  LOCKSTEP_TOKEN=\"$SECRET\" lockstep serve --listen 0.0.0.0:8080\n",
            .run = [self] { return (*self)(); }};
  verb.arguments = {{.name = "--listen",
                     .target = &self->listen,
                     .help = "where (default: 127.0.0.1:8080); beyond loopback only with a token",
                     .value = "ADDRESS:PORT"},
                    {.name = "--token-file",
                     .target = &self->token_file,
                     .help = "who may ask: a token a line, or EMAIL TOKEN; beside LOCKSTEP_TOKEN",
                     .value = "FILE",
                     .completes = Completes::kFile},
                    {.name = "--page",
                     .target = &self->page,
                     .help = "the built page of web/ (default: web/dist of the sources)",
                     .value = "DIR",
                     .completes = Completes::kFolder}};
  AddPaceArguments(verb.arguments, self->plan_settings);
  AddServiceArguments(verb.arguments, self->plan_settings);
  AddRunnerArguments(verb.arguments, self->settings);
  return verb;
}

}  // namespace lockstep::cli
