#include "tests/e2e/service/places.h"

#include <filesystem>

namespace lockstep::e2e {
namespace {

constexpr const char* kInventory = R"({
  "environments": [{"name": "environments/test", "rolloutPolicy": TEST-POLICY},
                   {"name": "environments/prod", "rolloutPolicy": PROD-POLICY}],
  "instances": [
    {"name": "instances/test", "engine": "SQLITE", "environment": "environments/test",
     "dataSources": [{"type": "ADMIN", "host": "test"}],
     "databases": [{"name": "instances/test/databases/hr"},
                   {"name": "instances/test/databases/shop"}]},
    {"name": "instances/prod", "engine": "SQLITE", "environment": "environments/prod",
     "dataSources": [{"type": "ADMIN", "host": "prod"}],
     "databases": [{"name": "instances/prod/databases/hr"}]}]})";

std::string FileOf(const std::string& database) {
  return Replaced(database, "-", "/") + ".db";
}

std::string Joined(const Words& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string Created(const Serve& serve, const std::string& where, const std::string& body) {
  const Reply reply = serve.Ask("POST", "/v1/projects/sample/" + where, body);
  EXPECT_EQ(reply.status, 200) << reply.json << " to " << body;
  EXPECT_EQ(reply.Text("message"), "-") << "clients take it for an error";
  return reply.Text("name");
}

}  // namespace

void WritePlaces(const Folder& folder, const Policies& policies) {
  folder.Write("inventory.json", Replaced(Replaced(kInventory, "TEST-POLICY", policies.test),
                                          "PROD-POLICY", policies.prod));
  for (const std::string database : {"test-hr", "test-shop", "prod-hr"}) {
    if (std::filesystem::exists(folder / FileOf(database))) continue;
    folder.Write(FileOf(database), "");
    Sqlite(folder, FileOf(database), "CREATE TABLE log(entry TEXT);");
  }
}

std::string LogOf(const Folder& folder, const std::string& database) {
  const std::string line =
      Sqlite(folder, FileOf(database), "SELECT group_concat(entry) FROM log ORDER BY rowid;");
  return line.substr(0, line.find('\n'));
}

std::string EntrySql(const std::string& entry) {
  return "INSERT INTO log VALUES ('" + entry + "');\n";
}

std::string EndlessSql(const std::string& entry) {
  return EntrySql(entry) +
         "INSERT INTO log SELECT count(*) FROM (WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL "
         "SELECT x + 1 FROM c WHERE x < 1000000000000) SELECT x FROM c);\n";
}

std::string CreateSheet(const Serve& serve, const std::string& sql) {
  return Created(serve, "sheets", SheetJson("a sheet", sql));
}

std::string CreatePlan(const Serve& serve, const Words& steps) {
  return Created(serve, "plans", R"({"title": "a plan", "steps": [)" + Joined(steps) + "]}");
}

std::string CreateRollout(const Serve& serve, const std::string& plan, const std::string& query) {
  return Created(serve, "rollouts" + query, R"({"plan": ")" + plan + "\"}");
}

std::string StepJson(const Words& specs) {
  return R"({"specs": [)" + Joined(specs) + "]}";
}

std::string SpecOn(const std::string& id, const std::string& database, const std::string& sheet) {
  return R"({"id": ")" + id + R"(", "changeDatabaseConfig": {"target": "instances/)" + database +
         R"(", "sheet": ")" + sheet + R"(", "type": "DATA"}})";
}

Reply BatchRun(const Serve& serve, const Reply& rollout, int stage) {
  const std::string at = "stages." + std::to_string(stage) + ".";
  Words tasks;
  for (int task = 0; task < std::stoi(rollout.Text(at + "tasks")); ++task)
    tasks.push_back("\"" + rollout.Text(at + "tasks." + std::to_string(task) + ".name") + "\"");
  return serve.Ask("POST", "/v1/" + rollout.Text(at + "name") + "/tasks:batchRun",
                   R"({"tasks": [)" + Joined(tasks) + R"(], "reason": "run"})");
}

}  // namespace lockstep::e2e
