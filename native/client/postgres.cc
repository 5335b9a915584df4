// The commands: how psql is started, and what may be run through it.
#include "native/client/postgres.h"

#include <algorithm>
#include <array>

#include "core/sql/first_words.h"
#include "native/client/postgres_error.h"
#include "native/client/postgres_script.h"
#include "native/client/postgres_session.h"
#include "native/client/postgres_step.h"
#include "native/client/verdict.h"

namespace lockstep::client {
namespace {

using rollout::TaskError;

/// The first of each release with \restrict, without which a sheet could make psql run a shell:
/// CVE-2025-8714, https://www.postgresql.org/support/security/CVE-2025-8714/
constexpr std::array<std::array<int, 2>, 5> kOldestPostgres = {
    {{17, 6}, {16, 10}, {15, 14}, {14, 19}, {13, 22}}};

/// ":" and "\" separate and escape in a password file.
std::string PasswordFile(std::string_view password) {
  std::string line = "*:*:*:*:";
  for (const char c : password) {
    if (c == ':' || c == '\\') line += '\\';
    line += c;
  }
  return line + "\n";
}

/// Where a database is made from. Every server has it.
constexpr std::string_view kMaintenance = "postgres";

ClientCommand Psql(const Target& target, std::string script, std::string session_name) {
  ClientCommand command;
  command.program = target.program;
  command.args = {"-X", "-w", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=verbose",
                  "-f", "-"};
  command.env = {"HOME=/nonexistent",
                 "LC_ALL=C.UTF-8",
                 "PATH=/usr/bin:/bin",
                 "PGCONNECT_TIMEOUT=10",
                 "PGCLIENTENCODING=UTF8",
                 "PGAPPNAME=" + std::move(session_name),
                 "PGDATABASE=" + target.database};
  if (!target.host.empty()) command.env.push_back("PGHOST=" + target.host);
  if (!target.port.empty()) command.env.push_back("PGPORT=" + target.port);
  if (!target.username.empty()) command.env.push_back("PGUSER=" + target.username);
  if (!target.password.empty()) {
    command.files.push_back(PasswordFile(target.password));
    command.env.push_back("PGPASSFILE=/proc/self/fd/3");
  } else {
    command.env.push_back("PGPASSFILE=/nonexistent");
  }
  command.script = std::move(script);
  command.working_folder = "/";
  return command;
}

Target Maintenance(Target target) {
  target.database = kMaintenance;
  return target;
}

/// ALTER DATABASE or ROLE … SET: DISCARD ALL goes back to the defaults that the session began with.
bool ChangesDefaults(const TaskScript& script, std::size_t index) {
  if (script.split->statements[index].statement_class != sql::StatementClass::kDdl) return false;
  const std::vector<std::string> words = sql::FirstWords(StatementText(script, index), 2);
  return words.size() > 1 && words[0] == "alter" &&
         (words[1] == "database" || words[1] == "role" || words[1] == "user");
}

}  // namespace

ClientCommand Postgres::MakeVersionProbe(const Target& target) const {
  ClientCommand command = Psql(target, "", "lockstep");
  command.args = {"--version"};
  return command;
}

Version Postgres::InterpretVersion(const ProcessEnd& end, std::string_view standard_output) const {
  Version version;
  const std::size_t at = standard_output.find(") ");
  if (end.exit_code == 0 && end.signal == 0 && at != std::string_view::npos) {
    const std::string_view rest = standard_output.substr(at + 2);
    version.text = rest.substr(0, rest.find_first_of(" \n"));
  }
  const std::vector<int> numbers = VersionNumbers(version.text);
  if (numbers.empty()) {
    version.refusal = "it did not tell its version; is it psql?";
    return version;
  }
  const int major = numbers[0];
  const int minor = numbers.size() > 1 ? numbers[1] : 0;
  const auto* oldest = std::find_if(kOldestPostgres.begin(), kOldestPostgres.end(),
                                    [major](const auto& known) { return known[0] == major; });
  if (major > kOldestPostgres.front()[0] ||
      (oldest != kOldestPostgres.end() && minor >= (*oldest)[1])) {
    return version;
  }
  version.refusal = "psql " + version.text +
                    " has no \\restrict, without which a sheet could run commands here; install " +
                    (oldest != kOldestPostgres.end()
                         ? std::to_string(major) + "." + std::to_string((*oldest)[1]) + " or newer"
                         : "a supported version: 13.22, 14.19, 15.14, 16.10, 17.6, 18 or newer");
  return version;
}

ClientCommand Postgres::MakeConnectionProbe(const Target& target, bool will_be_created,
                                            std::string_view nonce) const {
  if (!will_be_created) return Psql(target, MakePostgresConnectionProbe(nonce, ""), "lockstep");
  return Psql(Maintenance(target), MakePostgresConnectionProbe(nonce, target.database), "lockstep");
}

std::optional<TaskError> Postgres::InterpretConnection(const MarkerLog& markers,
                                                       const ProcessEnd& end) const {
  if (end.exit_code != 0 || end.signal != 0 || !markers.committed) {
    if (const auto told = ReadPostgresError(end.standard_error))
      return PlainError(told->sqlstate, told->message);
    return ErrorOfProcess("psql", end);
  }
  if (markers.fact("read_only") == "on") {
    return PlainError("25006",
                      "the database is read-only: a standby, or default_transaction_read_only");
  }
  if (markers.fact("can_create") == "false") {
    return PlainError("42501", "this role may not create databases", "ALTER ROLE … CREATEDB");
  }
  if (markers.fact("can_create").empty() && markers.fact("can_mark") != "true") {
    return PlainError("42501", "this role may not create table public.lockstep_history",
                      "GRANT CREATE ON SCHEMA public TO the role");
  }
  return std::nullopt;
}

ClientCommand Postgres::MakeRun(const Target& target, const TaskScript& script) const {
  ClientCommand command = Psql(script.create ? Maintenance(target) : target,
                               MakePostgresScript(script).text, PostgresSessionName(script));
  command.limits = script.limits;
  return command;
}

std::optional<ClientCommand> Postgres::MakeHolderProbe(const Target& target,
                                                       const TaskScript& script,
                                                       std::uint32_t statement) const {
  return Psql(target, MakePostgresHolderProbe(script, statement), "lockstep");
}

std::optional<ClientCommand> Postgres::MakeSessionProbe(const Target& target,
                                                        const TaskScript& script) const {
  return Psql(script.create ? Maintenance(target) : target, MakePostgresSessionProbe(script),
              "lockstep");
}

bool Postgres::MayShareClient(const TaskScript& script) const {
  if (IsStepwiseOnPostgres(script) || script.create) return false;
  for (std::size_t i = 0; i < StatementCount(script); ++i) {
    if (ChangesDefaults(script, i)) return false;
  }
  return true;
}

std::string_view Postgres::ResetSession() const {
  return "DISCARD ALL;\n";
}

bool Postgres::MarksStandardError() const {
  return true;
}

ClientCommand Postgres::MakeProbe(const Target& target, const TaskScript& script) const {
  return Psql(script.create ? Maintenance(target) : target, MakePostgresProbe(script), "lockstep");
}

}  // namespace lockstep::client
