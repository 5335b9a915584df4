// What running costs beside the clients themselves, as ratios of medians of interleaved rounds.
//
// A client that does nothing, once per task: lockstep (ledger on, output captured) against ninja
// running as many edges with the same parallelism. Limit 1.3.
//
// 50 SQLite databases x 10 sheets: lockstep against a shell loop that starts sqlite3 per sheet with
// xargs -P2, without markers, ledger or error places. Limit 1.
//   bench_runner [TASKS] [ROUNDS]
#include <unistd.h>

#include "tests/bench/bench_kit.h"

namespace {

using namespace lockstep::bench;

/// `databases` x `sheets` tasks; sheet i of every database is the same file.
void WritePlan(const fs::path& folder, int databases, int sheets, const std::string& sheet_text) {
  std::string targets, specs, known;
  for (int d = 0; d < databases; ++d) {
    const std::string name = "\"instances/local/databases/db" + std::to_string(d) + "\"";
    targets += (d > 0 ? ", " : "") + name;
    known += (d > 0 ? ", " : "") + ("{\"name\": " + name + "}");
  }
  for (int s = 1; s <= sheets; ++s) {
    const std::string n = std::to_string(s);
    specs += (s > 1 ? ",\n" : "") +
             ("{\"id\": \"spec-" + n + "\", \"changeDatabaseConfig\": {\"targets\": [" + targets +
              "], \"sheet\": \"projects/bench/sheets/" + n + "\", \"type\": \"MIGRATE\"}}");
    std::string text = sheet_text;
    for (std::size_t at; (at = text.find("{n}")) != std::string::npos;) text.replace(at, 3, n);
    Write(folder / "sheets" / (n + ".sql"), text);
  }
  Write(folder / "plan.json", "{\"title\": \"bench\", \"specs\": [" + specs + "]}");
  Write(folder / "inventory.json",
        "{\"environments\": [{\"name\": \"environments/test\"}], \"instances\": [{\"name\": "
        "\"instances/local\", \"engine\": "
        "\"SQLITE\", \"environment\": \"environments/test\", \"maximumConnections\": 100, "
        "\"dataSources\": [{\"type\": "
        "\"ADMIN\", \"host\": \"data\"}], \"databases\": [" +
            known + "]}]}");
}

void FreshDatabases(const fs::path& folder, int databases) {
  fs::remove_all(folder / "data");
  fs::remove_all(folder / ".lockstep");
  for (int d = 0; d < databases; ++d)
    Write(folder / "data" / ("db" + std::to_string(d) + ".db"), "");
}

void AgainstNinja(const Build& build, const fs::path& folder, int tasks, int rounds, int parallel) {
  const int databases = tasks / 10;
  WritePlan(folder, databases, 10, "SELECT {n};\n");
  const std::string fake = build.fake_client.string();
  Write(folder / "script", ".print 'start'\nSELECT 1;\n.print 'committed'\n");
  std::string ninja = "rule task\n  command = " + fake + " < script\n";
  std::string all = "build all: phony";
  for (int i = 0; i < tasks; ++i) {
    ninja += "build t" + std::to_string(i) + ": task\n";
    all += " t" + std::to_string(i);
  }
  Write(folder / "build.ninja", ninja + all + "\ndefault all\n");
  const std::string at = "cd " + folder.string() + " && ";
  const std::string p = std::to_string(parallel);
  std::vector<double> ours, theirs;
  for (int round = 0; round < rounds; ++round) {
    FreshDatabases(folder, databases);
    ours.push_back(SecondsOf(at + build.lockstep.string() + " run plan.json --client sqlite=" +
                             fake + " --parallel " + p + " > lockstep.log 2>&1"));
    fs::remove(folder / ".ninja_log");
    theirs.push_back(SecondsOf(at + "ninja -j" + p + " > ninja.log 2>&1"));
  }
  std::printf(
      "%d tasks of a client that does nothing, %d at a time: lockstep %.0f us, ninja %.0f us a "
      "task, ratio %.2f "
      "(limit 1.3)\n",
      tasks, parallel, 1e6 * Median(ours) / tasks, 1e6 * Median(theirs) / tasks,
      Median(ours) / Median(theirs));
}

void AgainstXargs(const Build& build, const fs::path& folder, int rounds, bool in_transaction) {
  constexpr int kDatabases = 50;
  const std::string sheet =
      "CREATE TABLE t{n}(id INTEGER PRIMARY KEY, name TEXT);\nINSERT INTO t{n}(name) VALUES ('a'), "
      "('b'), ('c');\n"
      "CREATE INDEX i{n} ON t{n}(name);\n";
  WritePlan(folder, kDatabases, 10, sheet);
  std::string list;
  for (int s = 1; s <= 10; ++s) {
    for (int d = 0; d < kDatabases; ++d)
      list += "data/db" + std::to_string(d) + ".db sheets/" + std::to_string(s) + ".sql\n";
  }
  Write(folder / "list", list);
  const std::string one =
      in_transaction
          ? "(echo \"BEGIN IMMEDIATE;\"; cat $1; echo \"COMMIT;\") | sqlite3 -batch -bail $0"
          : "sqlite3 -batch -bail $0 < $1";
  Write(folder / "loop.sh", "xargs -P2 -L1 sh -c '" + one + "' < list\n");
  const std::string at = "cd " + folder.string() + " && ";
  std::vector<double> ours, theirs;
  for (int round = 0; round < rounds; ++round) {
    FreshDatabases(folder, kDatabases);
    ours.push_back(SecondsOf(at + build.lockstep.string() +
                             " run plan.json --parallel 2 > lockstep.log 2>&1"));
    FreshDatabases(folder, kDatabases);
    theirs.push_back(SecondsOf(at + "sh loop.sh > loop.log 2>&1"));
  }
  std::printf(
      "50 databases x 10 sheets, 2 at a time: lockstep %.2f s, xargs of sqlite3 %s %.2f s, ratio "
      "%.2f (limit 1)\n",
      Median(ours), in_transaction ? "with a transaction per sheet" : "as they are", Median(theirs),
      Median(ours) / Median(theirs));
}

}  // namespace

int main(int argc, char** argv) {
  const int tasks = argc > 1 ? std::atoi(argv[1]) : 1000;
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 5;
  std::string folder = (fs::temp_directory_path() / "lockstep-bench-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) return 1;
  const Build build = FindBuild();
  for (const int parallel : {1, 2, 8}) AgainstNinja(build, folder, tasks, rounds, parallel);
  AgainstXargs(build, folder, rounds, false);
  AgainstXargs(build, folder, rounds, true);
  fs::remove_all(folder);
  return 0;
}
