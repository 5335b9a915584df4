// The services beside what they cannot do without.
//
// CreatePlan with 1,000 specs, each with a sheet of its own: Service::Handle against the core's
// validation of the same documents, from memory, and one commit of the ledger. Limit 2.
//
// ListTaskRuns of 10,000 runs, in pages of 1,000, asked again. Limit 50 ms a page.
//
// Answers of a server to 1,000 clients that keep their connections and ask as soon as they are
// answered: told, not judged.
//   bench_service [SPECS] [ROUNDS] [CLIENTS]
#include <arpa/inet.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <map>
#include <thread>

#include "core/service/message.h"
#include "native/http/server.h"
#include "native/service/front.h"
#include "native/time_zones.h"
#include "tests/bench/bench_kit.h"

namespace {

using namespace lockstep;
using namespace lockstep::bench;
using Clock = std::chrono::steady_clock;

constexpr int kDatabases = 1000;

void Die(const std::string& message) {
  std::fprintf(stderr, "%s\n", message.c_str());
  std::exit(1);
}

template <class Work>
double MillisecondsOf(Work work) {
  const auto begin = Clock::now();
  work();
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

std::string DatabaseName(int database) {
  return "instances/local/databases/db" + std::to_string(database);
}

std::string InventoryText() {
  std::string databases;
  for (int d = 0; d < kDatabases; ++d)
    databases += (d > 0 ? ",\n" : "") + ("{\"name\": \"" + DatabaseName(d) + "\"}");
  return R"({"environments": [{"name": "environments/test", "rolloutPolicy": {"automatic": false}}],
    "instances": [{"name": "instances/local", "engine": "SQLITE", "environment": "environments/test",
    "dataSources": [{"type": "ADMIN", "host": "data"}], "databases": [)" +
         databases + "]}]}";
}

/// Ten specs a database, each after the one before.
std::string PlanText(int specs, const std::vector<std::string>& sheets) {
  std::string text;
  for (int i = 0; i < specs; ++i) {
    const std::string before = i % 10 == 0 ? "" : "\"spec-" + std::to_string(i - 1) + "\"";
    text += (i > 0 ? ",\n" : "") + ("{\"id\": \"spec-" + std::to_string(i)) +
            "\", \"dependsOnSpecs\": [" + before + "], \"changeDatabaseConfig\": {\"target\": \"" +
            DatabaseName(i / 10 % kDatabases) + "\", \"sheet\": \"" +
            sheets[static_cast<std::size_t>(i) % sheets.size()] + "\", \"type\": \"MIGRATE\"}}";
  }
  return "{\"title\": \"bench\", \"steps\": [{\"specs\": [" + text + "]}]}";
}

std::string SheetText(int sheet) {
  return "ALTER TABLE employee ADD COLUMN c" + std::to_string(sheet) +
         " TEXT;\nUPDATE employee SET c" + std::to_string(sheet) + " = '' WHERE id < 100;\n";
}

/// A folder with a service in it.
class Place {
 public:
  explicit Place(const std::string& name) : folder_(fs::temp_directory_path() / name) {
    fs::remove_all(folder_);
    Write(folder_ / "inventory.json", InventoryText());
    for (int d = 0; d < kDatabases; ++d)
      Write(folder_ / "data" / ("db" + std::to_string(d) + ".db"), "");
    settings_.inventory = folder_ / "inventory.json";
    settings_.execution.inventory_folder = folder_;
    settings_.execution.ledger = folder_ / ".lockstep/ledger.db";
    auto opened = service::Service::Open(settings_, [](std::string_view) {});
    if (!opened.ok()) Die(opened.error().message);
    service_ = std::move(*opened);
  }
  ~Place() {
    service_.reset();
    fs::remove_all(folder_);
  }
  service::Service& service() { return *service_; }
  const service::Settings& settings() const { return settings_; }

  std::string Ask(std::string_view verb, const std::string& path, std::string body = "",
                  std::vector<std::pair<std::string, std::string>> query = {}) {
    service::Call call;
    call.query = std::move(query);
    call.body = std::move(body);
    call.user = service::kLocalUser;
    auto answer = service_->Handle(verb, "/v1/projects/bench/" + path, std::move(call));
    if (answer.status != 200) Die(path + ": " + answer.json);
    return std::move(answer.json);
  }
  std::vector<std::string> CreateSheets(int count) {
    std::string requests;
    std::vector<std::string> names;
    for (int i = 0; i < count; ++i) {
      requests += (i > 0 ? "," : "") + ("{\"sheet\": {\"title\": \"s\", \"content\": \"" +
                                        service::EncodeBase64(SheetText(i)) + "\"}}");
      names.push_back("projects/bench/sheets/" + std::to_string(101 + i));
    }
    Ask("POST", "sheets:batchCreate", "{\"requests\": [" + requests + "]}");
    return names;
  }

 private:
  const fs::path folder_;
  service::Settings settings_;
  std::unique_ptr<service::Service> service_;
};

class SheetsInMemory : public inventory::SheetLibrary {
 public:
  explicit SheetsInMemory(const std::map<std::string, std::string, std::less<>>& texts)
      : texts_(texts) {}
  std::vector<std::string> Names() const override { return {}; }
  base::Result<diagnostics::Source> Load(std::string_view name) const override {
    const auto text = texts_.find(name);
    return diagnostics::Source(text->first, text->second);
  }

 private:
  const std::map<std::string, std::string, std::less<>>& texts_;
};

void CreatePlans(int specs, int rounds) {
  Place place("lockstep-bench-service");
  const std::vector<std::string> sheets = place.CreateSheets(specs);
  const std::string plan = PlanText(specs, sheets);
  std::map<std::string, std::string, std::less<>> texts;
  for (int i = 0; i < specs; ++i) texts[sheets[static_cast<std::size_t>(i)]] = SheetText(i);

  const auto validate = [&] {
    api::Inputs inputs;
    inputs.plan = diagnostics::Source("plan", plan);
    inputs.inventory = diagnostics::Source("inventory.json", InventoryText());
    inputs.sheets = [&](const inventory::Inventory*) {
      return std::make_unique<SheetsInMemory>(texts);
    };
    api::Options options;
    options.lenient = true;
    options.time_zones = &native::SystemTimeZones;
    if (api::Workspace::Read(std::move(inputs), options)->has_errors()) Die("a bad plan");
  };
  auto ledger =
      ledger::Ledger::Open(place.settings().execution.ledger, ledger::Ledger::Mode::kWrite);
  const auto commit = [&] {
    ledger::Objects objects(**ledger);
    const auto created = objects.Create({.kind = ledger::Object::Kind::kPlan,
                                         .project = "peer",
                                         .parent = "",
                                         .created = {},
                                         .updated = {},
                                         .json = plan});
    if (!created.ok()) Die(created.error().message);
  };
  std::vector<double> validate_ms, commit_ms, create_ms;
  for (int round = 0; round < rounds; ++round) {
    validate_ms.push_back(MillisecondsOf(validate));
    commit_ms.push_back(MillisecondsOf(commit));
    create_ms.push_back(MillisecondsOf([&] { place.Ask("POST", "plans", plan); }));
  }
  const double peer = Median(validate_ms) + Median(commit_ms), create = Median(create_ms);
  std::printf("a plan of %d specs, %.0f kB\n", specs, static_cast<double>(plan.size()) / 1e3);
  std::printf("validation by the core             %8.2f ms\n", Median(validate_ms));
  std::printf("a commit of the ledger             %8.2f ms\n", Median(commit_ms));
  std::printf("both                               %8.2f ms   1.00\n", peer);
  std::printf("CreatePlan                         %8.2f ms   %.2f   (limit 2)\n\n", create,
              create / peer);
}

/// A rollout whose tasks were all asked for: a run each.
void ListRuns(int tasks, int rounds) {
  Place place("lockstep-bench-service");
  const std::vector<std::string> sheets = place.CreateSheets(10);
  place.Ask("POST", "plans", PlanText(tasks, sheets));
  place.Ask("POST", "rollouts", R"({"plan": "projects/bench/plans/101"})");
  std::string names;
  for (int task = 1; task <= tasks; ++task)
    names += (task > 1 ? "," : "") +
             ("\"projects/bench/rollouts/101/stages/1/tasks/" + std::to_string(task) + "\"");
  const double asked = MillisecondsOf([&] {
    place.Ask("POST", "rollouts/101/stages/1/tasks:batchRun", "{\"tasks\": [" + names + "]}");
  });
  const auto page = [&](const std::string& token) {
    const std::string answer = place.Ask("GET", "rollouts/101/stages/-/tasks/-/taskRuns", "",
                                         {{"pageSize", "1000"}, {"pageToken", token}});
    const std::size_t at = answer.rfind("\"nextPageToken\":\"") + 17;
    return answer.substr(at, answer.find('"', at) - at);
  };
  const double first = MillisecondsOf([&] { page(""); });
  std::vector<double> page_ms;
  for (int round = 0; round < rounds; ++round) {
    std::string token;
    do {
      page_ms.push_back(MillisecondsOf([&] { token = page(token); }));
    } while (!token.empty());
  }
  std::printf("%d task runs, asked for at once    %8.2f ms\n", tasks, asked);
  std::printf("the first page of 1,000            %8.2f ms\n", first);
  std::printf("a page                             %8.2f ms   (median of %zu; limit 50)\n\n",
              Median(page_ms), page_ms.size());
}

/// Sends a request on every connection, and the next on each that is answered; answers in
/// `seconds`.
std::size_t AskAll(std::uint16_t port, int clients, int seconds) {
  const std::string request =
      "GET /v1/actuator/info HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) + "\r\n\r\n";
  const int epoll = epoll_create1(0);
  std::vector<std::string> answers(65536);
  std::vector<int> sockets;
  for (int i = 0; i < clients; ++i) {
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) Die("no server");
    epoll_event event{.events = EPOLLIN, .data = {.fd = fd}};
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
    if (write(fd, request.data(), request.size()) < 0) Die("no server");
    sockets.push_back(fd);
  }
  std::size_t count = 0;
  const auto end = Clock::now() + std::chrono::seconds(seconds);
  epoll_event events[256];
  char buffer[4096];
  while (Clock::now() < end) {
    const int ready = epoll_wait(epoll, events, 256, 100);
    for (int i = 0; i < ready; ++i) {
      const int fd = events[i].data.fd;
      std::string& answer = answers.at(static_cast<std::size_t>(fd));
      const ssize_t got = read(fd, buffer, sizeof buffer);
      if (got <= 0) Die("a connection was not kept");
      answer.append(buffer, static_cast<std::size_t>(got));
      if (!answer.ends_with("}")) continue;  // the answer is one object
      if (!answer.starts_with("HTTP/1.1 200")) Die(answer);
      answer.clear();
      ++count;
      if (write(fd, request.data(), request.size()) < 0) Die("a connection was not kept");
    }
  }
  for (const int fd : sockets) close(fd);
  close(epoll);
  return count;
}

void Serve(int clients) {
  Place place("lockstep-bench-service");
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  service::Front front(place.service(), {});
  auto server =
      http::Server::Listen({}, [&](const http::Request& request) { return front.Answer(request); });
  if (!server.ok()) Die(server.error().message);
  std::thread thread([&] { (*server)->Run(); });
  constexpr int kSeconds = 3;
  const std::size_t answers = AskAll((*server)->port(), clients, kSeconds);
  (*server)->Stop();
  thread.join();
  std::printf("%d clients, GET /v1/actuator/info: %.0f answers a second\n", clients,
              static_cast<double>(answers) / kSeconds);
}

}  // namespace

int main(int argc, char** argv) {
  const int specs = argc > 1 ? std::atoi(argv[1]) : 1000;
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 21;
  const int clients = argc > 3 ? std::atoi(argv[3]) : 1000;
  CreatePlans(specs, rounds);
  ListRuns(10 * specs, rounds);
  Serve(clients);
}
