// The commands: how the sqlite3 shell is started, and what may be run through it.
#include "native/client/sqlite.h"

#include <algorithm>

#include "native/client/sqlite_error.h"
#include "native/client/sqlite_script.h"
#include "native/client/verdict.h"

namespace lockstep::client {
namespace {

using rollout::TaskError;
using rollout::TaskType;

const std::vector<int> kOldestSqlite = {3, 37, 0};  // the first with -safe

/// A URI, because only so a missing file can be an error: sqlite3 creates what it does not find.
std::string Uri(const std::string& path, std::string_view mode) {
  std::string uri = "file:";
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#' || static_cast<unsigned char>(c) < 0x20) {
      constexpr char kHex[] = "0123456789ABCDEF";
      uri += {'%', kHex[(c >> 4) & 15], kHex[c & 15]};
    } else {
      uri += c;
    }
  }
  return uri + "?mode=" + std::string(mode);
}

ClientCommand Shell(const Target& target, std::string database, std::string script) {
  ClientCommand command;
  command.program = target.program;
  command.args = {"-batch",           "-bail", "-safe", "-nofollow", "-init", "/dev/null",
                  std::move(database)};
  command.env = {"HOME=/nonexistent", "LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin"};
  command.script = std::move(script);
  command.working_folder = "/";
  return command;
}

}  // namespace

ClientCommand Sqlite::MakeVersionProbe(const Target& target) const {
  ClientCommand command = Shell(target, "", "");
  command.args = {"-version"};
  return command;
}

Version Sqlite::InterpretVersion(const ProcessEnd& end, std::string_view standard_output) const {
  Version version;
  version.text = standard_output.substr(0, standard_output.find_first_of(" \n"));
  const std::vector<int> numbers = VersionNumbers(version.text);
  if (end.exit_code != 0 || end.signal != 0 || numbers.size() < 2) {
    version.refusal = "it did not tell its version; is it the sqlite3 shell?";
  } else if (numbers < kOldestSqlite) {
    version.refusal = "sqlite3 " + version.text + " has no -safe mode; install 3.37.0 or newer";
  }
  return version;
}

ClientCommand Sqlite::MakeConnectionProbe(const Target& target, bool will_be_created,
                                          std::string_view nonce) const {
  const std::string marker = MarkerPrefix(nonce);
  std::string script = ".timeout 1000\nBEGIN IMMEDIATE;\n.print '" + marker +
                       "start'\nSELECT 1 FROM sqlite_master LIMIT 0;\nROLLBACK;\n.print '" +
                       marker + "committed'\n";
  return Shell(target, will_be_created ? ":memory:" : Uri(target.database, "rw"),
               std::move(script));
}

std::optional<TaskError> Sqlite::InterpretConnection(const MarkerLog& markers,
                                                     const ProcessEnd& end) const {
  if (end.exit_code == 0 && end.signal == 0 && markers.committed) return std::nullopt;
  TaskError error;
  if (const auto told = ReadSqliteError(end.standard_error)) {
    if (told->code == 5)
      return std::nullopt;  // there, and somebody works in it: runs wait for the lock
    error.message = told->message;
    error.code = SqliteCodeName(told->code);
  } else {
    error.message = "the sqlite3 shell ended without an answer";
    error.code = "CLIENT";
  }
  return error;
}

ClientCommand Sqlite::MakeRun(const Target& target, const TaskScript& script) const {
  const bool create = script.type == TaskType::kDatabaseCreate;
  ClientCommand command =
      Shell(target, Uri(target.database, create ? "rwc" : "rw"), MakeSqliteScript(script).text);
  // VACUUM attaches a file, which -safe refuses. Such a sheet holds nothing else (WhyNotRunnable).
  if (RunsWithoutTransaction(script)) std::erase(command.args, "-safe");
  command.limits = script.limits;
  return command;
}

bool Sqlite::MayShareClient(const TaskScript& script) const {
  if (script.type == TaskType::kDatabaseCreate || RunsWithoutTransaction(script)) return false;
  if (script.split == nullptr) return true;
  const auto& statements = script.split->statements;
  return std::none_of(statements.begin(), statements.end(), [](const sql::Statement& statement) {
    return statement.leaves_session_state;
  });
}

/// A journal that its tasks have left (sqlite_script.cc). Within a transaction, for the same
/// reason.
std::string_view Sqlite::EndSession(std::string_view session) const {
  if (session != "persist") return "";
  return "BEGIN IMMEDIATE;\nPRAGMA journal_mode = DELETE;\nROLLBACK;\n";
}

ClientCommand Sqlite::MakeProbe(const Target& target, const TaskScript& script) const {
  const std::string marker = MarkerPrefix(script.nonce);
  std::string text = ".timeout " + std::to_string(script.busy_timeout.ms) +
                     "\nBEGIN IMMEDIATE;\n.print '" + marker + "start'\n" +
                     SelectMarkerRow(script) + "\nROLLBACK;\n.print '" + marker + "committed'\n";
  return Shell(target, Uri(target.database, "rw"), std::move(text));
}

}  // namespace lockstep::client
