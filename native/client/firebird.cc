// The commands: how isql is started, and what may be run through it.
#include "native/client/firebird.h"

#include <algorithm>

#include "native/client/firebird_error.h"
#include "native/client/firebird_script.h"
#include "native/client/verdict.h"

namespace lockstep::client {
namespace {

using rollout::TaskError;

ClientCommand Isql(const Target& target, std::string script) {
  ClientCommand command;
  command.program = target.program;
  command.args = {"-q", "-b", "-n", "-now", "-ch", "UTF8", "-i", "/dev/stdin"};
  command.env = {"HOME=/nonexistent", "LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin"};
  if (!target.username.empty()) command.env.push_back("ISC_USER=" + target.username);
  if (!target.password.empty()) {
    command.files.push_back(std::string(target.password) + "\n");
    command.args.insert(command.args.end(), {"-f", "/proc/self/fd/3"});
  }
  std::string database = target.database;
  if (!target.host.empty()) {
    database = target.host + (target.port.empty() ? "" : "/" + target.port) + ":" + database;
  }
  command.args.push_back(std::move(database));
  command.script = std::move(script);
  command.working_folder = "/";
  return command;
}

}  // namespace

std::vector<std::string> Firebird::default_programs() const {
  return {"isql-fb", "isql-firebird", "/opt/firebird/bin/isql"};
}

ClientCommand Firebird::MakeVersionProbe(const Target& target) const {
  ClientCommand command = Isql(target, "");
  command.args = {"-z", "-q"};
  command.files.clear();
  return command;
}

/// "ISQL Version: LI-V3.0.11.33637 Firebird 3.0"
Version Firebird::InterpretVersion(const ProcessEnd& /*end*/,
                                   std::string_view standard_output) const {
  Version version;
  constexpr std::string_view kBefore = "ISQL Version: ";
  const std::size_t at = standard_output.find(kBefore);
  if (at != std::string_view::npos) {
    std::string_view rest = standard_output.substr(at + kBefore.size());
    rest.remove_prefix(std::min(rest.find('V') + 1, rest.size()));
    version.text = rest.substr(0, rest.find_first_of(" \n"));
  }
  const std::vector<int> numbers = VersionNumbers(version.text);
  if (numbers.empty()) {
    version.refusal = "it did not tell its version; is it Firebird's isql?";
  } else if (numbers[0] < 3) {
    version.refusal = "isql " + version.text + " is older than 3.0, which is supported";
  }
  return version;
}

ClientCommand Firebird::MakeConnectionProbe(const Target& target, bool /*will_be_created*/,
                                            std::string_view nonce) const {
  return Isql(target, MakeFirebirdConnectionProbe(nonce));
}

std::optional<TaskError> Firebird::InterpretConnection(const MarkerLog& markers,
                                                       const ProcessEnd& end) const {
  if (end.exit_code != 0 || end.signal != 0 || !markers.committed) {
    if (const auto told = ReadFirebirdError(end.standard_error))
      return PlainError(told->sqlstate, told->message);
    return ErrorOfProcess("isql", end);
  }
  if (markers.fact("read_only") == "1") return PlainError("25006", "the database is read-only");
  return std::nullopt;
}

ClientCommand Firebird::MakeRun(const Target& target, const TaskScript& script) const {
  ClientCommand command = Isql(target, MakeFirebirdScript(script).text);
  command.limits = script.limits;
  return command;
}

ClientCommand Firebird::MakeProbe(const Target& target, const TaskScript& script) const {
  return Isql(target, MakeFirebirdProbe(script));
}

}  // namespace lockstep::client
