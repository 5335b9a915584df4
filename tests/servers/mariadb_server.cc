#include <unistd.h>

#include <stdexcept>

#include "tests/servers/server.h"

namespace lockstep::tests {
namespace {

class MariadbServer : public Server {
 public:
  MariadbServer() : Server("mysql", "mariadb") {
    if (Run({"/usr/bin/mariadb-install-db", "--no-defaults", "--datadir=" + folder() + "/data",
             "--auth-root-authentication-method=normal", "--skip-test-db"}) != 0) {
      throw std::runtime_error("mariadb-install-db: " + Log());
    }
    Start();
    Sql("mysql", std::string("CREATE USER app@localhost IDENTIFIED BY '") + kPassword + "'");
  }

  std::string engine() const override { return "MARIADB"; }
  std::string host() const override { return folder() + "/socket"; }

  void MakeDatabase(const std::string& name) override {
    Sql("mysql", "DROP DATABASE IF EXISTS `" + name + "`; CREATE DATABASE `" + name +
                     "`; GRANT ALL ON `" + name + "`.* TO app@localhost");
  }
  std::string Sql(const std::string& database, const std::string& sql) override {
    std::string text = Capture(Client(database), sql);
    for (char& c : text) c = c == '\t' ? '|' : c;
    return text;
  }
  pid_t StartSql(const std::string& database, const std::string& sql) override {
    return Background(Client(database), sql);
  }

 private:
  std::vector<std::string> Client(const std::string& database) const {
    return {"mariadb", "--no-defaults",       "--user=root", "--socket=" + host(),
            "--batch", "--skip-column-names", database};
  }
  std::vector<std::string> Program() const override {
    return {"/usr/sbin/mariadbd",
            "--no-defaults",
            "--datadir=" + folder() + "/data",
            "--socket=" + host(),
            "--skip-networking",
            "--max-connections=200",
            "--innodb-flush-log-at-trx-commit=2",
            "--innodb-buffer-pool-size=32M"};
  }
  bool Answers() override { return Sql("mysql", "SELECT 1") == "1"; }
};

}  // namespace

std::unique_ptr<Server> Server::StartMariadb() {
  return access("/usr/sbin/mariadbd", X_OK) == 0 ? std::make_unique<MariadbServer>() : nullptr;
}

}  // namespace lockstep::tests
