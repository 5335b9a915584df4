#include <glob.h>
#include <stdlib.h>

#include <stdexcept>

#include "tests/servers/server.h"

namespace lockstep::tests {
namespace {

/// "/usr/lib/postgresql/15/bin/"; "" when there is no server.
std::string Binaries() {
  glob_t found{};
  std::string folder;
  if (glob("/usr/lib/postgresql/*/bin/initdb", 0, nullptr, &found) == 0) {
    folder = found.gl_pathv[found.gl_pathc - 1];
    folder.resize(folder.rfind('/') + 1);
  }
  globfree(&found);
  return folder;
}

class PostgresServer : public Server {
 public:
  explicit PostgresServer(std::string binaries)
      : Server("postgres", "pg"), binaries_(std::move(binaries)) {
    if (Run({binaries_ + "initdb", "-D", folder() + "/data", "-U", "postgres", "-A", "trust", "-N",
             "--locale=C.UTF-8", "-E", "UTF8"}) != 0) {
      throw std::runtime_error("initdb: " + Log());
    }
    Run({"/bin/sh", "-c",
         "printf 'local all postgres trust\\nlocal all all scram-sha-256\\nhost all all all "
         "scram-sha-256\\n' > data/pg_hba.conf"});
    Start();
    Sql("postgres", std::string("CREATE ROLE app LOGIN PASSWORD '") + kPassword + "'");
  }

  std::string engine() const override { return "POSTGRES"; }
  std::string host() const override { return folder(); }

  void MakeDatabase(const std::string& name) override {
    Sql("postgres", "DROP DATABASE IF EXISTS \"" + name + "\" WITH (FORCE)");
    Sql("postgres", "CREATE DATABASE \"" + name + "\" OWNER app");
    Sql(name, "ALTER SCHEMA public OWNER TO app");
  }
  std::string Sql(const std::string& database, const std::string& sql) override {
    return Capture(Psql(database), sql);
  }
  void ListenOn(const std::string& address) override {
    address_ = address;
    Kill();
    Start();
  }
  pid_t StartSql(const std::string& database, const std::string& sql) override {
    return Background(Psql(database), sql);
  }

 private:
  std::vector<std::string> Psql(const std::string& database) const {
    return {binaries_ + "psql", "-X", "-q",       "-A", "-t",    "-h",
            folder(),           "-U", "postgres", "-d", database};
  }
  std::vector<std::string> Program() const override {
    return {binaries_ + "postgres",
            "-D",
            folder() + "/data",
            "-k",
            folder(),
            "-c",
            "listen_addresses=" + address_,
            "-c",
            "fsync=off",
            "-c",
            "max_connections=200",
            "-c",
            "deadlock_timeout=200ms"};
  }
  bool Answers() override { return Sql("postgres", "SELECT 1") == "1"; }

  std::string binaries_, address_;
};

}  // namespace

std::unique_ptr<Server> Server::StartPostgres() {
  const std::string binaries = Binaries();
  return binaries.empty() ? nullptr : std::make_unique<PostgresServer>(binaries);
}

}  // namespace lockstep::tests
