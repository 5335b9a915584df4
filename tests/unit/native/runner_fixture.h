// A folder with a plan, an inventory, sheets and one SQLite database, and the runner let loose on
// it.
#pragma once

#include "native/runner.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

#include "native/stored_rollout.h"

namespace lockstep::native {

using rollout::RolloutStatus;
using rollout::TaskIndex;
using rollout::TaskStatus;

class Listener : public RunListener {
 public:
  void OnEvents(std::span<const rollout::Event> events, const rollout::Scheduler&) override {
    for (const rollout::Event& event : events) {
      types += std::string(rollout::TypeName(event.fact)) + " ";
      if (const auto* ended = std::get_if<rollout::TaskRunEnded>(&event.fact))
        ends.push_back(*ended);
      if (const auto* waiting = std::get_if<rollout::TaskRunWaiting>(&event.fact))
        waits += waiting->detail + "\n";
    }
    if (on_events) on_events();
  }
  void OnProgress(TaskIndex, std::uint32_t done) override {
    if (on_progress) on_progress(done);
  }
  void OnOutput(TaskIndex, bool, std::string_view bytes) override { output += bytes; }
  void OnNotice(std::string_view text) override { notices += std::string(text) + "\n"; }

  std::string types, output, notices, waits;
  std::vector<rollout::TaskRunEnded> ends;
  std::function<void()> on_events;
  std::function<void(std::uint32_t)> on_progress;
};

class RunnerTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "lockstep-runner-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    std::filesystem::create_directories(folder_ + "/data");
    std::filesystem::create_directories(folder_ + "/sheets");
    Write("data/hr.db", "");
    Write("inventory.json", R"({"environments": [{"name": "environments/test"}],
      "instances": [{"name": "instances/local", "engine": "SQLITE", "environment": "environments/test",
        "dataSources": [{"type": "ADMIN", "host": "data"}],
        "databases": [{"name": "instances/local/databases/hr"}]}]})");
    request_.documents.plan = folder_ + "/plan.json";
    request_.execution.ledger = folder_ + "/.lockstep/ledger.db";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void Write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ + "/" + name) << text;
  }
  std::string Read(const std::string& name) {
    std::stringstream text;
    text << std::ifstream(folder_ + "/" + name).rdbuf();
    return text.str();
  }
  /// One spec "s1", "s2", … per sheet, each depending on the one before, on the one database.
  void WritePlan(const std::vector<std::string>& sheets, const std::string& more = "") {
    std::string specs;
    for (std::size_t i = 0; i < sheets.size(); ++i) {
      const std::string n = std::to_string(i + 1);
      Write("sheets/" + n + ".sql", sheets[i]);
      specs +=
          (i > 0 ? "," : "") +
          ("{\"id\": \"s" + n + "\"" + more +
           (i > 0 ? ", \"dependsOnSpecs\": [\"s" + std::to_string(i) + "\"]" : "") +
           ", \"changeDatabaseConfig\": {\"target\": \"instances/local/databases/hr\", \"sheet\": "
           "\"projects/sample/sheets/" +
           n + "\", \"type\": \"MIGRATE\"}}");
    }
    Write("plan.json",
          "{\"name\": \"projects/sample/plans/1\", \"title\": \"T\", \"steps\": [{\"specs\": [" +
              specs + "]}]}");
  }
  Outcome Run() { return native::Run(request_, listener_ = Listener()); }
  Outcome RunKeepingListener() { return native::Run(request_, listener_); }

  std::string Sql(const std::string& sql) {
    sqlite3* db = nullptr;
    sqlite3_open((folder_ + "/data/hr.db").c_str(), &db);
    std::string answer;
    char* error = nullptr;
    sqlite3_exec(
        db, sql.c_str(),
        [](void* out, int n, char** values, char**) {
          for (int i = 0; i < n; ++i)
            *static_cast<std::string*>(out) += std::string(values[i] ? values[i] : "NULL") + " ";
          return 0;
        },
        &answer, &error);
    if (error != nullptr) answer += error;
    sqlite3_free(error);
    sqlite3_close(db);
    return answer;
  }
  std::unique_ptr<StoredRollout> Stored() {
    const auto ledger =
        ledger::Ledger::Open(request_.execution.ledger, ledger::Ledger::Mode::kRead);
    EXPECT_TRUE(ledger.ok()) << ledger.error().message;
    auto stored = StoredRollout::Load(**ledger, *(*ledger)->Find(""));
    EXPECT_TRUE(stored.ok()) << stored.error().message;
    return std::move(*stored);
  }
  TaskStatus StatusOf(std::size_t task) {
    return Stored()->scheduler().state().status(TaskIndex(task));
  }

  std::string folder_;
  RunRequest request_;
  Listener listener_;
};

}  // namespace lockstep::native
