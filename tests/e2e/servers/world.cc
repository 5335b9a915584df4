#include "tests/e2e/servers/world.h"

#include <sys/stat.h>

namespace lockstep::e2e {
namespace {

std::string Joined(const Words& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ",\n") + word;
  return text;
}

}  // namespace

std::string InstanceJson(const Folder& folder, const tests::Server& server, const std::string& name,
                         const Words& databases) {
  folder.Write("password", std::string(tests::Server::kPassword) + "\n");
  chmod((folder / "password").c_str(), 0600);
  Words list;
  for (const std::string& database : databases)
    list.push_back("{\"name\": \"instances/" + name + "/databases/" + database + "\"}");
  return "{\"name\": \"instances/" + name + "\", \"engine\": \"" + server.engine() +
         "\", \"environment\": \"environments/test\", \"dataSources\": [{\"type\": \"ADMIN\", "
         "\"host\": \"" +
         server.host() +
         "\", \"username\": \"app\", \"password\": {\"file\": \"password\"}}], "
         "\"databases\": [" +
         Joined(list) + "]}";
}

void WriteInventory(const Folder& folder, const Words& instances) {
  folder.Write("inventory.json",
               "{\"environments\": [{\"name\": \"environments/test\"}], \"instances\": [" +
                   Joined(instances) + "]}");
}

std::string SpecJson(const std::string& id, const std::string& database, const std::string& sheet,
                     const Words& depends) {
  Words quoted;
  for (const std::string& on : depends) quoted.push_back("\"" + on + "\"");
  return "{\"id\": \"" + id + "\", \"dependsOnSpecs\": [" + Joined(quoted) +
         "], \"changeDatabaseConfig\": {\"target\": \"instances/" + database +
         "\", \"sheet\": \"projects/sample/sheets/" + sheet + "\", \"type\": \"MIGRATE\"}}";
}

void WritePlan(const Folder& folder, const Words& specs) {
  folder.Write("plan.json",
               "{\"title\": \"servers\", \"steps\": [{\"specs\": [" + Joined(specs) + "]}]}");
}

void WriteServerRollout(const Folder& folder, tests::Server& server, const Words& sheets) {
  server.MakeDatabase("hr");
  WriteInventory(folder, {InstanceJson(folder, server, "server", {"hr"})});
  Words specs;
  for (std::size_t i = 1; i <= sheets.size(); ++i) {
    const std::string number = std::to_string(i);
    folder.Write("sheets/" + number + ".sql", sheets[i - 1]);
    specs.push_back(SpecJson("s" + number, "server/databases/hr", number,
                             i > 1 ? Words{"s" + std::to_string(i - 1)} : Words{}));
  }
  WritePlan(folder, specs);
}

tests::Server* Postgres() {
  static const std::unique_ptr<tests::Server> server = tests::Server::StartPostgres();
  return server.get();
}

tests::Server* Mariadb() {
  static const std::unique_ptr<tests::Server> server = tests::Server::StartMariadb();
  return server.get();
}

}  // namespace lockstep::e2e
