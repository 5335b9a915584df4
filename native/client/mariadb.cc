// The commands: how the mariadb or mysql client is started, and what may be run through it.
#include "native/client/mariadb.h"

#include <algorithm>

#include "native/client/mariadb_error.h"
#include "native/client/mariadb_script.h"
#include "native/client/verdict.h"

namespace lockstep::client {
namespace {

using rollout::TaskError;

/// Escapes: https://mariadb.com/kb/en/configuring-mariadb-with-option-files/
std::string OptionFile(std::string_view password) {
  std::string file = "[client]\n";
  if (password.empty()) return file;
  file += "password=\"";
  for (const char c : password) {
    if (c == '\\' || c == '"') file += '\\';
    file += c;
  }
  return file + "\"\n";
}

/// --defaults-file must come first, and is given without a password too: nobody else's option files
/// are read.
ClientCommand Mysql(const Target& target, std::string script) {
  ClientCommand command;
  command.program = target.program;
  command.args = {"--defaults-file=/proc/self/fd/3",
                  "--batch",
                  "--binary-mode",
                  "--comments",
                  "--unbuffered",
                  "--quick",
                  "--skip-reconnect",
                  "--local-infile=0",
                  "--connect-timeout=10",
                  "--skip-column-names",
                  "--default-character-set=utf8mb4"};
  if (target.host.starts_with('/')) {
    command.args.push_back("--socket=" + target.host);
  } else if (!target.host.empty()) {
    command.args.push_back("--host=" + target.host);
    command.args.push_back("--protocol=tcp");
  }
  if (!target.port.empty()) command.args.push_back("--port=" + target.port);
  if (!target.username.empty()) command.args.push_back("--user=" + target.username);
  if (!target.database.empty()) command.args.push_back("--database=" + target.database);
  command.env = {"HOME=/nonexistent", "LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin"};
  command.files = {OptionFile(target.password)};
  command.script = std::move(script);
  command.working_folder = "/";
  return command;
}

/// Where a database is made from: none.
Target Server(Target target) {
  target.database.clear();
  return target;
}

}  // namespace

std::vector<std::string> Mariadb::default_programs() const {
  if (engine_ == sql::Engine::kMysql) return {"mysql", "mariadb"};
  return {"mariadb", "mysql"};
}

ClientCommand Mariadb::MakeVersionProbe(const Target& target) const {
  ClientCommand command = Mysql(target, "");
  command.args = {"--version"};
  command.files.clear();
  return command;
}

/// "mariadb  Ver 15.1 Distrib 10.11.19-MariaDB, for …", "mysql  Ver 8.0.36 for Linux …"
Version Mariadb::InterpretVersion(const ProcessEnd& end, std::string_view standard_output) const {
  Version version;
  const bool is_mariadb = standard_output.find("MariaDB") != std::string_view::npos;
  std::size_t at = standard_output.find("Distrib ");
  at = at != std::string_view::npos ? at + 8 : standard_output.find("from ");
  if (at != std::string_view::npos && standard_output.substr(at).starts_with("from ")) at += 5;
  if (at == std::string_view::npos) {
    at = standard_output.find("Ver ");
    if (at != std::string_view::npos) at += 4;
  }
  if (end.exit_code == 0 && end.signal == 0 && at != std::string_view::npos) {
    const std::string_view rest = standard_output.substr(at);
    version.text = rest.substr(0, rest.find_first_of(" ,\n"));
  }
  const std::vector<int> numbers = VersionNumbers(version.text);
  const std::vector<int> oldest = is_mariadb ? std::vector{10, 2} : std::vector{5, 7};
  if (numbers.empty()) {
    version.refusal = "it did not tell its version; is it the mariadb or mysql client?";
  } else if (numbers < oldest) {
    version.refusal = version.text + " is too old; install MariaDB 10.2, MySQL 5.7 or newer";
  }
  return version;
}

ClientCommand Mariadb::MakeConnectionProbe(const Target& target, bool will_be_created,
                                           std::string_view nonce) const {
  return Mysql(will_be_created ? Server(target) : target, MakeMariadbConnectionProbe(nonce));
}

std::optional<TaskError> Mariadb::InterpretConnection(const MarkerLog& markers,
                                                      const ProcessEnd& end) const {
  if (end.exit_code != 0 || end.signal != 0 || !markers.committed) {
    if (const auto told = ReadMariadbError(end.standard_error))
      return PlainError(std::to_string(told->code), told->message);
    return ErrorOfProcess("the client", end);
  }
  if (markers.fact("read_only") == "on") {
    return PlainError("1290", "the server is read-only: a replica, or read_only is set");
  }
  return std::nullopt;
}

ClientCommand Mariadb::MakeRun(const Target& target, const TaskScript& script) const {
  ClientCommand command = Mysql(script.create ? Server(target) : target,
                                MakeMariadbScript(script, target.database).text);
  command.limits = script.limits;
  return command;
}

ClientCommand Mariadb::MakeProbe(const Target& target, const TaskScript& script) const {
  return Mysql(script.create ? Server(target) : target, MakeMariadbProbe(script, target.database));
}

}  // namespace lockstep::client
