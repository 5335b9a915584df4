#include "native/cli/execution.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>

#include "core/api/answers.h"
#include "core/base/json_writer.h"
#include "core/base/text.h"
#include "core/diagnostics/render.h"
#include "native/report/summary.h"

namespace lockstep::cli {

using report::Stderr;
using report::Stdout;

namespace {

using base::Error;
using base::ErrorCode;

base::Status ParseTimeout(std::string_view name, const std::optional<std::string>& text,
                          base::Duration& target) {
  if (!text) return {};
  const auto duration = base::ParseDuration(*text);
  if (!duration) {
    return Error{
        ErrorCode::kInvalidArgument,
        std::string(name) + " takes a time such as 90s, 500ms or 5m, not " + base::Quote(*text)};
  }
  target = *duration;
  return {};
}

/// As a person can paste it.
std::string ShellQuoted(const std::string& text) {
  const auto plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+=:,@%";
  if (text.find_first_not_of(plain) == std::string::npos) return text;
  std::string quoted = "'";
  for (char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

bool OnGithub() {
  const char* value = std::getenv("GITHUB_ACTIONS");
  return value != nullptr && std::string_view(value) == "true";
}

/// Appends to the file that GitHub shows on the run's page. Failing to is no reason to fail a
/// rollout.
void WriteJobSummary(const native::Outcome& outcome, const native::StoredRollout& stored) {
  const char* path = std::getenv("GITHUB_STEP_SUMMARY");
  if (path == nullptr || *path == '\0') return;
  const int descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) return;
  report::Output(descriptor).Write(report::SummaryMarkdown(outcome, stored));
  close(descriptor);
}

std::unique_ptr<native::StoredRollout> LoadOutcome(const std::string& path,
                                                   const native::Outcome& outcome) {
  if (outcome.rollout.empty()) return nullptr;
  auto ledger = ledger::Ledger::Open(path, ledger::Ledger::Mode::kRead);
  if (!ledger) return nullptr;
  auto record = (*ledger)->Find(outcome.rollout);
  if (!record) return nullptr;
  auto stored = native::StoredRollout::Load(**ledger, *record);
  return stored ? std::move(*stored) : nullptr;
}

/// {"exitCode","message","details",…} beside the fields of `status`, or instead of them.
std::string OutcomeJson(const native::Outcome& outcome, const native::StoredRollout* stored) {
  base::JsonWriter writer;
  writer.BeginObject().Member("exitCode", outcome.exit_code).Member("message", outcome.message);
  writer.Key("details").BeginArray();
  for (const std::string& detail : outcome.details) writer.String(detail);
  writer.EndArray().MemberBool("alreadyDone", outcome.already_done);
  writer.Member("nextCommand", outcome.next_command).Key("status");
  stored == nullptr ? writer.Null()
                    : writer.Raw(api::StatusAnswer(stored->scheduler(), stored->events()));
  return writer.EndObject().Take() + "\n";
}

}  // namespace

Argument LedgerArgument(std::string& ledger) {
  return {.name = "--ledger",
          .target = &ledger,
          .help =
              "where rollouts are kept: a file (default: .lockstep/ledger.db), or "
              "postgresql://… for several runners",
          .value = "PATH|URL",
          .completes = Completes::kFile};
}

void AddRunnerArguments(std::vector<Argument>& arguments, ExecutionSettings& settings) {
  arguments.insert(
      arguments.end(),
      {LedgerArgument(settings.ledger),
       {.name = "--task-timeout",
        .target = &settings.task_timeout,
        .help = "stop a task after that time",
        .value = "TIME"},
       {.name = "--statement-timeout",
        .target = &settings.statement_timeout,
        .help = "stop a task whose statement takes longer",
        .value = "TIME"},
       {.name = "--busy-timeout",
        .target = &settings.busy_timeout,
        .help = "how long to wait for a lock in a target (default: 30s)",
        .value = "TIME"},
       {.name = "--jobs",
        .target = &settings.jobs,
        .help = "how many tasks this runner does at once, of a rollout that several runners share "
                "(default: 4 per processor)",
        .value = "N"},
       {.name = "--client",
        .target = &settings.clients,
        .help = "the client of an engine; may be repeated",
        .value = "ENGINE=PROGRAM"},
       {.name = "--allow-host",
        .target = &settings.allowed_hosts,
        .help = "refuse to touch other hosts (* and ? are wildcards); may be repeated",
        .value = "HOST"}});
}

void AddExecutionArguments(std::vector<Argument>& arguments, ExecutionSettings& settings) {
  AddRunnerArguments(arguments, settings);
  arguments.insert(
      arguments.end(),
      {{.name = "--events",
        .target = &settings.events,
        .help = "write every event as a line of JSON; - is standard output",
        .value = "FILE",
        .completes = Completes::kFile},
       {.name = "--max-wait",
        .target = &settings.max_wait,
        .help = "how long to wait for a task that may not start yet (default: 60s), or forever",
        .value = "TIME"},
       {.name = "--keep-going",
        .target = &settings.keep_going,
        .help = "where a target or its client is missing, fail the tasks that need it, instead of "
                "starting nothing"},
       {.name = "--verbose", .target = &settings.verbose, .help = "show what the clients write"},
       FormatArgument(settings.format, {"text", "json"})});
}

void AddRecoveryArguments(std::vector<Argument>& arguments, ExecutionSettings& settings) {
  arguments.insert(
      arguments.end(),
      {{.name = "--assume",
        .target = &settings.assumptions,
        .help = "what you found out about a task in doubt: done or notapplied; may be repeated",
        .value = "TASK=OUTCOME"},
       {.name = "--cancel-orphans",
        .target = &settings.cancel_orphans,
        .help = "end what a lost run of a task still does in its target, instead of waiting"}});
}

namespace {

using Assumption = std::pair<std::string, client::Assumption>;

base::Result<Assumption> ParseAssumption(const std::string& text) {
  const std::size_t equals = text.rfind('=');
  const std::string outcome = equals == std::string::npos ? "" : text.substr(equals + 1);
  if (equals != 0 && outcome == "done")
    return Assumption{text.substr(0, equals), client::Assumption::kDone};
  if (equals != 0 && outcome == "notapplied")
    return Assumption{text.substr(0, equals), client::Assumption::kNotApplied};
  return Error{ErrorCode::kInvalidArgument,
               "--assume takes a task and what became of it such as 3=done or 3=notapplied, not " +
                   base::Quote(text)};
}

}  // namespace

base::Result<connection::ClientPrograms> ParseClients(const std::vector<std::string>& clients) {
  connection::ClientPrograms programs;
  for (const std::string& client : clients) {
    const std::size_t equals = client.find('=');
    const auto engine = sql::FindEngineLoosely(client.substr(0, equals));
    if (equals == std::string::npos || equals + 1 == client.size() || !engine) {
      return Error{ErrorCode::kInvalidArgument,
                   "--client takes an engine and a program such as sqlite=/usr/bin/sqlite3, not " +
                       base::Quote(client)};
    }
    programs[*engine] = client.substr(equals + 1);
  }
  return programs;
}

base::Result<native::Execution> MakeExecution(const ExecutionSettings& settings) {
  native::Execution execution;
  execution.ledger = settings.ledger;
  execution.events = settings.events;
  if (settings.jobs) {
    if (!ledger::IsOnServer(settings.ledger)) {
      return Error{ErrorCode::kInvalidArgument,
                   "--jobs is for runners that share a ledger on a server; --parallel limits a "
                   "rollout"};
    }
    execution.jobs = std::max<std::size_t>(*settings.jobs, 1);
  }
  auto clients = ParseClients(settings.clients);
  if (!clients) return clients.error();
  execution.clients = std::move(*clients);
  execution.allowed_hosts = settings.allowed_hosts;
  execution.cancel_orphans = settings.cancel_orphans;
  execution.keep_going = settings.keep_going;
  for (const std::string& text : settings.assumptions) {
    auto assumption = ParseAssumption(text);
    if (!assumption) return assumption.error();
    execution.assumptions.push_back(std::move(*assumption));
  }
  native::Limits& limits = execution.limits;
  std::optional<std::string> max_wait = settings.max_wait;
  if (max_wait == "forever") {
    limits.max_wait = native::Limits::kNeverGiveUp;
    max_wait.reset();
  }
  for (const base::Status& status :
       {ParseTimeout("--task-timeout", settings.task_timeout, limits.task_timeout),
        ParseTimeout("--statement-timeout", settings.statement_timeout, limits.statement_timeout),
        ParseTimeout("--busy-timeout", settings.busy_timeout, limits.busy_timeout),
        ParseTimeout("--max-wait", max_wait, limits.max_wait)}) {
    if (!status) return status.error();
  }
  return execution;
}

std::string LedgerOption(const std::string& ledger) {
  return ledger == ExecutionSettings().ledger ? "" : " --ledger " + ShellQuoted(ledger);
}

int Execute(const ExecutionSettings& settings, Estimator estimator, const Operation& operation) {
  const auto execution = MakeExecution(settings);
  if (!execution) return Fail(execution.error());
  // Standard output belongs to one reader: a program, if one asked for JSON, else the person.
  const bool json = settings.format == "json";
  report::Output& people = json || settings.events == "-" ? Stderr() : Stdout();
  report::Progress progress(people, {.quiet = json,
                                     .verbose = settings.verbose,
                                     .github = OnGithub() && !json,
                                     .make_estimate = std::move(estimator)});
  people.Hurry(true);
  native::Outcome outcome = operation(*execution, progress);
  if (!outcome.next_command.empty()) outcome.next_command += LedgerOption(settings.ledger);
  progress.Close();
  people.Hurry(false);

  // Success needs no second look at the ledger, unless somebody reads the answer.
  const bool explain = outcome.exit_code != native::kExitDone && !outcome.forwarded;
  const bool ran =
      !outcome.rollout.empty() && !outcome.already_done && !outcome.forwarded && !outcome.helped;
  const bool wanted = json || explain || std::getenv("GITHUB_STEP_SUMMARY") != nullptr;
  const auto stored = wanted ? LoadOutcome(settings.ledger, outcome) : nullptr;
  if (json) {
    Stdout().Write(OutcomeJson(outcome, stored.get()));
  } else {
    if (ran && !explain) people.Write(progress.Total());
    // What was refused before anything was there to run is a complaint, not an answer.
    const bool refused = outcome.rollout.empty() && outcome.exit_code != native::kExitDone;
    report::Output& output = refused ? Stderr() : people;
    output.Write(report::SummaryText(outcome, explain ? stored.get() : nullptr, output.color()));
  }
  if (stored) WriteJobSummary(outcome, *stored);
  return outcome.exit_code;
}

}  // namespace lockstep::cli
