// Small sheets, where it counts what is done besides the SQL: lockstep against one raw session of the
// engine's client with a transaction per sheet, a shell loop of clients, and dbmate, the fastest of
// the migration tools (a driver in its process). Ratios of medians of interleaved rounds.
//   bench_peers [ROUNDS]; dbmate from $DBMATE, else it is left out.
#include <unistd.h>

#include <functional>
#include <memory>

#include "tests/bench/bench_kit.h"
#include "tests/servers/server.h"

namespace {

using namespace lockstep::bench;
using lockstep::tests::Server;

constexpr int kSheets = 100;

std::string Sheet(int n, const std::string& sql) {
  std::string text = sql;
  for (std::size_t at; (at = text.find("{n}")) != std::string::npos;)
    text.replace(at, 3, std::to_string(n));
  return text;
}

constexpr char kSql[] =
    "CREATE TABLE t{n}(id INTEGER PRIMARY KEY, name TEXT);\nINSERT INTO t{n} VALUES (1, 'a'), (2, "
    "'b');\n";

/// plan.json and inventory.json for lockstep, migrations/ for dbmate, raw.sql for a client.
void WriteAll(const fs::path& folder, const std::string& instance, int databases, int sheets) {
  std::string specs, known, targets, raw;
  for (int d = 0; d < databases; ++d) {
    const std::string name = "\"instances/i/databases/db" + std::to_string(d) + "\"";
    targets += (d > 0 ? ", " : "") + name;
    known += (d > 0 ? ", " : "") + ("{\"name\": " + name + "}");
  }
  for (int s = 1; s <= sheets; ++s) {
    const std::string n = std::to_string(s);
    specs += (s > 1 ? ",\n" : "") +
             ("{\"id\": \"spec-" + n + "\", \"changeDatabaseConfig\": {\"targets\": [" + targets +
              "], \"sheet\": \"projects/bench/sheets/" + n + "\", \"type\": \"MIGRATE\"}}");
    const std::string sql = Sheet(s, kSql);
    Write(folder / "sheets" / (n + ".sql"), sql);
    Write(folder / "migrations" / (std::to_string(20260101000000 + s) + "_s.sql"),
          "-- migrate:up\n" + sql + "-- migrate:down\n");
    raw += "BEGIN;\n" + sql + "COMMIT;\n";
  }
  Write(folder / "raw.sql", raw);
  Write(folder / "plan.json", "{\"title\": \"bench\", \"specs\": [" + specs + "]}");
  Write(folder / "inventory.json",
        "{\"environments\": [{\"name\": \"environments/test\"}], \"instances\": [{\"name\": "
        "\"instances/i\", \"environment\": \"environments/test\", \"maximumConnections\": 100, " +
            instance + ", \"databases\": [" + known + "]}]}");
}

class Contest {
 public:
  Contest(std::string title, int rounds) : title_(std::move(title)), rounds_(rounds) {}
  /// `prepare` is not measured. Ours is the first.
  void Add(std::string name, std::string command) {
    entries_.push_back({std::move(name), std::move(command), {}});
  }
  void Run(const std::function<void()>& prepare) {
    for (int round = 0; round < rounds_; ++round) {
      for (Entry& entry : entries_) {
        prepare();
        entry.seconds.push_back(SecondsOf(entry.command));
      }
    }
    const double ours = Median(entries_[0].seconds);
    std::printf("%s: lockstep %.3f s", title_.c_str(), ours);
    for (std::size_t i = 1; i < entries_.size(); ++i) {
      const double theirs = Median(entries_[i].seconds);
      std::printf(", %s %.3f s (ratio %.2f)", entries_[i].name.c_str(), theirs, ours / theirs);
    }
    std::printf("\n");
  }

 private:
  struct Entry {
    std::string name, command;
    std::vector<double> seconds;
  };
  std::string title_;
  int rounds_;
  std::vector<Entry> entries_;
};

std::string Dbmate() {
  const char* program = std::getenv("DBMATE");
  return program == nullptr ? "" : program;
}

void OnSqlite(const fs::path& folder, const Build& build, int databases, int sheets, int rounds) {
  WriteAll(folder,
           "\"engine\": \"SQLITE\", \"dataSources\": [{\"type\": \"ADMIN\", \"host\": \"data\"}]",
           databases, sheets);
  const std::string at = "cd " + folder.string() + " && ";
  Contest contest("SQLite, " + std::to_string(databases) + " x " + std::to_string(sheets), rounds);
  contest.Add("", at + build.lockstep.string() + " run plan.json --parallel 2 > log 2>&1");
  const std::string each = at + "ls data/*.db | xargs -P2 -I{} sh -c ";
  if (databases == 1)
    contest.Add("one raw session", at + "sqlite3 -batch -bail data/db0.db < raw.sql");
  else
    contest.Add("a loop of clients",
                each + "'for s in sheets/*.sql; do (echo \"BEGIN IMMEDIATE;\"; cat $s; echo "
                       "\"COMMIT;\") | sqlite3 -batch -bail {}; done'");
  if (!Dbmate().empty())
    contest.Add("dbmate", each + "'" + Dbmate() +
                              " --url sqlite:{} -d migrations --no-dump-schema up > {}.log 2>&1'");
  contest.Run([&] {
    fs::remove_all(folder / "data");
    fs::remove_all(folder / ".lockstep");
    for (int d = 0; d < databases; ++d)
      Write(folder / "data" / ("db" + std::to_string(d) + ".db"), "");
  });
}

void OnPostgres(const fs::path& folder, const Build& build, Server& server, int databases,
                int sheets, int rounds) {
  WriteAll(folder,
           "\"engine\": \"POSTGRES\", \"dataSources\": [{\"type\": \"ADMIN\", \"host\": \"" +
               server.host() + "\", \"username\": \"postgres\"}]",
           databases, sheets);
  std::string list;
  for (int d = 0; d < databases; ++d) list += "db" + std::to_string(d) + "\n";
  Write(folder / "list", list);
  const std::string at = "cd " + folder.string() + " && ";
  const std::string psql =
      "$(ls /usr/lib/postgresql/*/bin/psql | tail -1) -X -q -v ON_ERROR_STOP=1 -U postgres -h " +
      server.host() + " -d ";
  Contest contest("PostgreSQL, " + std::to_string(databases) + " x " + std::to_string(sheets),
                  rounds);
  contest.Add("", at + build.lockstep.string() + " run plan.json --parallel 2 > log 2>&1");
  const std::string each = at + "xargs -a list -P2 -I{} sh -c ";
  if (databases == 1)
    contest.Add("one raw session", at + psql + "db0 -f raw.sql > log 2>&1");
  else
    contest.Add("a loop of clients",
                each + "'for s in sheets/*.sql; do " + psql + "{} -1 -f $s > {}.log 2>&1; done'");
  if (!Dbmate().empty())
    contest.Add("dbmate", each + "'" + Dbmate() + " --url \"postgres://postgres@/{}?socket=" +
                              server.host() + "\" -d migrations --no-dump-schema up > {}.log 2>&1'");
  contest.Run([&] {
    fs::remove_all(folder / ".lockstep");
    for (int d = 0; d < databases; ++d) server.MakeDatabase("db" + std::to_string(d));
  });
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 5;
  std::string folder = (fs::temp_directory_path() / "lockstep-bench-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) return 1;
  const Build build = FindBuild();
  OnSqlite(fs::path(folder) / "a", build, 1, kSheets, rounds);
  OnSqlite(fs::path(folder) / "b", build, 50, 10, rounds);
  if (const auto server = Server::StartPostgres()) {
    OnPostgres(fs::path(folder) / "c", build, *server, 1, kSheets, rounds);
    OnPostgres(fs::path(folder) / "d", build, *server, 50, 10, rounds);
  }
  fs::remove_all(folder);
  return 0;
}
