// status, logs, events: what the ledger knows. They change nothing and work while
// a run goes on.
#include <chrono>
#include <set>
#include <thread>

#include "core/api/answers.h"
#include "core/base/json_writer.h"
#include "core/base/text.h"
#include "native/cli/execution.h"
#include "native/cli/selection.h"
#include "native/ledger/lease.h"
#include "native/report/output.h"
#include "native/report/outputs.h"
#include "native/report/status.h"

namespace lockstep::cli {

using report::Stdout;

namespace {

using ledger::Ledger;

struct StatusOptions {
  Words words;
  std::string rollout;
  std::string ledger = ".lockstep/ledger.db";
  std::string format = "text";
  bool follow = false;
};

/// Who decides about it, and who helps or is about to take over; "" when nobody runs it.
std::string RunnersText(const Opened& opened) {
  std::string text;
  const auto holder = ledger::Lease::HolderOf(*opened.ledger, opened.record.id);
  if (holder && *holder) text = ledger::ToString(**holder);
  const auto helpers = ledger::Lease::HelpersOf(*opened.ledger, opened.record.id);
  if (!helpers) return text;
  for (const ledger::LeaseHolder& helper : *helpers)
    text += (text.empty() ? "" : ", helped by ") + ledger::ToString(helper);
  return text;
}

/// For a person: who runs it, or that nobody does though it is not over.
std::string RunnersLine(const Opened& opened, const native::StoredRollout& stored,
                        const std::string& ledger) {
  const std::string runners = RunnersText(opened);
  if (!runners.empty()) return "being run by " + runners;
  if (stored.scheduler().state().rollout_status() != rollout::RolloutStatus::kRunning) return "";
  return "nobody runs it; go on with: lockstep resume " + std::to_string(opened.record.id) +
         LedgerOption(ledger);
}

int Status(const StatusOptions& options) {
  auto opened = OpenRollout(options.rollout, options.ledger);
  if (!opened) return Fail(opened.error());
  const auto stored = native::StoredRollout::Load(*opened->ledger, opened->record);
  if (!stored) return Fail(stored.error());
  if (options.format == "json") {
    Stdout().Write(api::StatusAnswer((*stored)->scheduler(), (*stored)->events()) + "\n");
  } else {
    Stdout().Write(report::StatusText(**stored, RunnersLine(*opened, **stored, options.ledger),
                                      Now(), Stdout().color()));
  }
  return native::kExitDone;
}

/// Prints what is new after `last`, and moves it on.
base::Status PrintEvents(const Opened& opened, std::uint64_t& last) {
  const auto lines = opened.ledger->EventLines(opened.record.id, last);
  if (!lines) return lines.error();
  Stdout().Write(*lines);
  return {};
}

int Events(const StatusOptions& options) {
  auto opened = OpenRollout(options.rollout, options.ledger);
  if (!opened) return Fail(opened.error());
  std::uint64_t last = 0;
  bool running = options.follow;
  do {
    // Asked before the events are read: what the runner wrote last is not missed.
    running = options.follow && !RunnersText(*opened).empty();
    if (base::Status status = PrintEvents(*opened, last); !status) return Fail(status.error());
    if (running) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  } while (running && !Stdout().closed());
  return native::kExitDone;
}

std::string OutputText(const ledger::Output& output) {
  if (output.dropped == 0) return output.head + output.tail;
  return output.head + "\n… " + base::Plural(output.dropped, "byte") + " not kept …\n" +
         output.tail;
}

/// Only those of the selected tasks.
base::Result<std::vector<ledger::Output>> SelectedOutputs(const Opened& opened) {
  auto outputs = opened.ledger->Outputs(opened.record.id, "");
  if (!outputs || opened.tasks.empty()) return outputs;
  const auto stored = native::StoredRollout::Load(*opened.ledger, opened.record);
  if (!stored) return stored.error();
  const auto tasks = native::SelectTasks((*stored)->rollout(), opened.tasks);
  if (!tasks) return tasks.error();
  std::set<std::string> prefixes;
  for (rollout::TaskIndex task : *tasks) prefixes.insert((*stored)->rollout().TaskName(task));
  std::erase_if(*outputs, [&](const ledger::Output& output) {
    return !prefixes.contains(output.task_run.substr(0, output.task_run.rfind("/taskRuns/")));
  });
  return outputs;
}

int Logs(const StatusOptions& options) {
  auto opened = OpenRollout(options.words, options.ledger);
  if (!opened) return Fail(opened.error());
  const auto outputs = SelectedOutputs(*opened);
  if (!outputs) return Fail(outputs.error());
  if (options.format == "json") {
    base::JsonWriter writer;
    writer.BeginObject().Key("outputs");
    report::WriteJson(writer, *outputs);
    Stdout().Write(writer.EndObject().Take() + "\n");
    return native::kExitDone;
  }
  for (const ledger::Output& output : *outputs) {
    const bool standard = output.stream == ledger::Output::Stream::kOut;
    std::string text = OutputText(output);
    if (text.empty()) continue;
    if (text.back() != '\n') text += '\n';
    Stdout().Write("== " + output.task_run + (standard ? "" : " (stderr)") + " ==\n" + text);
  }
  return native::kExitDone;
}

}  // namespace

Verb StatusVerb() {
  auto self = std::make_shared<StatusOptions>();
  return {.name = "status",
          .summary = "Show where a rollout stands: each task, what it waits for or died of",
          .examples = "  lockstep status\n  lockstep status 101 --format json\n",
          .arguments = {RolloutArgument(self->rollout), LedgerArgument(self->ledger),
                        FormatArgument(self->format, {"text", "json"})},
          .run = [self] { return Status(*self); }};
}

Verb LogsVerb() {
  auto self = std::make_shared<StatusOptions>();
  Verb verb{.name = "logs",
            .summary = "Show what the clients wrote",
            .examples = "  lockstep logs\n  lockstep logs 101 --task 3\n",
            .arguments = SelectionArguments(self->words),
            .run = [self] { return Logs(*self); }};
  verb.arguments.push_back(LedgerArgument(self->ledger));
  verb.arguments.push_back(FormatArgument(self->format, {"text", "json"}));
  return verb;
}

Verb EventsVerb() {
  auto self = std::make_shared<StatusOptions>();
  return {.name = "events",
          .summary = "Print the events of a rollout, a line of JSON each",
          .examples = "  lockstep events | jq .type\n  lockstep events 101 --follow\n",
          .arguments = {RolloutArgument(self->rollout),
                        {.name = "--follow",
                         .target = &self->follow,
                         .help = "go on until its runner has ended"},
                        LedgerArgument(self->ledger),
                        FormatArgument(self->format, {"json"})},
          .run = [self] { return Events(*self); }};
}

}  // namespace lockstep::cli
