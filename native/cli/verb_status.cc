// status, logs, events, rollout list|get: what the ledger knows. They change nothing and work while
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
#include "native/report/status.h"
#include "native/report/table.h"

namespace lockstep::cli {

using report::Stdout;

namespace {

using ledger::Ledger;
using report::Table;

struct Look {
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

int Status(const Look& look) {
  auto opened = OpenRollout(look.rollout, look.ledger);
  if (!opened) return Fail(opened.error());
  const auto stored = native::StoredRollout::Load(*opened->ledger, opened->record);
  if (!stored) return Fail(stored.error());
  if (look.format == "json") {
    Stdout().Write(api::StatusAnswer((*stored)->scheduler(), (*stored)->events()) + "\n");
  } else {
    Stdout().Write(report::StatusText(**stored, RunnersText(*opened), Now(), Stdout().color()));
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

int Events(const Look& look) {
  auto opened = OpenRollout(look.rollout, look.ledger);
  if (!opened) return Fail(opened.error());
  std::uint64_t last = 0;
  bool running = look.follow;
  do {
    // Asked before the events are read: what the runner wrote last is not missed.
    running = look.follow && !RunnersText(*opened).empty();
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

void WriteOutputsJson(const std::vector<ledger::Output>& outputs) {
  base::JsonWriter writer;
  writer.BeginObject().Key("outputs").BeginArray();
  for (const ledger::Output& output : outputs) {
    writer.BeginObject().Member("taskRun", output.task_run);
    writer.Member("stream", output.stream == ledger::Output::Stream::kOut ? "stdout" : "stderr");
    writer.Member("head", output.head).Member("tail", output.tail);
    writer.Member("dropped", static_cast<std::int64_t>(output.dropped)).EndObject();
  }
  Stdout().Write(writer.EndArray().EndObject().Take() + "\n");
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

int Logs(const Look& look) {
  auto opened = OpenRollout(look.words, look.ledger);
  if (!opened) return Fail(opened.error());
  const auto outputs = SelectedOutputs(*opened);
  if (!outputs) return Fail(outputs.error());
  if (look.format == "json") {
    WriteOutputsJson(*outputs);
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

int ListRollouts(const Look& look) {
  auto ledger = Ledger::Open(look.ledger, Ledger::Mode::kRead);
  if (!ledger) return Fail(ledger.error());
  const auto records = (*ledger)->List();
  if (!records) return Fail(records.error());
  base::JsonWriter writer;
  writer.BeginObject().Key("rollouts").BeginArray();
  Table table(std::vector(4, Table::Align::kLeft));
  table.Row({"ROLLOUT", "STATUS", "CREATED", "TITLE"});
  for (const ledger::RolloutRecord& record : *records) {
    const std::string created = base::FormatInstant(record.created);
    writer.BeginObject().Member("name", record.name).Member("title", record.title);
    writer.Member("status", record.status)
        .Member("digest", record.digest)
        .Member("createTime", created)
        .EndObject();
    table.Row(
        {record.name, record.status, created, base::Shorten(base::Printable(record.title), 60)});
  }
  writer.EndArray().EndObject();
  Stdout().Write(look.format == "json" ? writer.Take() + "\n" : table.Text());
  return native::kExitDone;
}

int GetRollout(const Look& look) {
  auto opened = OpenRollout(look.rollout, look.ledger);
  if (!opened) return Fail(opened.error());
  const auto stored = native::StoredRollout::Load(*opened->ledger, opened->record);
  if (!stored) return Fail(stored.error());
  Stdout().Write(api::RolloutAnswer((*stored)->rollout()) + "\n");
  return native::kExitDone;
}

}  // namespace

Verb StatusVerb() {
  auto self = std::make_shared<Look>();
  return {.name = "status",
          .summary = "Show where a rollout stands: each task, what it waits for or died of",
          .examples = "  lockstep status\n  lockstep status 101 --format json\n",
          .arguments = {RolloutArgument(self->rollout), LedgerArgument(self->ledger),
                        FormatArgument(self->format, {"text", "json"})},
          .run = [self] { return Status(*self); }};
}

Verb LogsVerb() {
  auto self = std::make_shared<Look>();
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
  auto self = std::make_shared<Look>();
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

Verb RolloutVerb() {
  auto list = std::make_shared<Look>();
  auto get = std::make_shared<Look>();
  Verb verb{.name = "rollout",
            .summary = "List rollouts, or print one as JSON",
            .examples = "  lockstep rollout list\n  lockstep rollout get 101\n"};
  verb.verbs = {
      {.name = "list",
       .summary = "List the rollouts of the ledger",
       .examples = "  lockstep rollout list --format json\n",
       .arguments = {LedgerArgument(list->ledger), FormatArgument(list->format, {"text", "json"})},
       .run = [list] { return ListRollouts(*list); }},
      {.name = "get",
       .summary = "Print the stages and tasks of a rollout",
       .examples = "  lockstep rollout get 101\n",
       .arguments = {RolloutArgument(get->rollout), LedgerArgument(get->ledger),
                     FormatArgument(get->format, {"json"})},
       .run = [get] { return GetRollout(*get); }}};
  return verb;
}

}  // namespace lockstep::cli
