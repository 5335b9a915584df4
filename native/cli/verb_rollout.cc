// rollout list|get|export: rollouts of the ledger as things of their own.
#include "core/api/answers.h"
#include "core/base/json_writer.h"
#include "core/base/text.h"
#include "native/cli/execution.h"
#include "native/cli/selection.h"
#include "native/cli/write_file.h"
#include "native/report/export.h"
#include "native/report/output.h"
#include "native/report/table.h"

namespace lockstep::cli {

using report::Stdout;

namespace {

using ledger::Ledger;
using report::Table;

struct Look {
  std::string rollout;
  std::string ledger = ".lockstep/ledger.db";
  std::string format = "text";
  std::optional<std::string> output;
};

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

int Export(const Look& look) {
  auto opened = OpenRollout(look.rollout, look.ledger);
  if (!opened) return Fail(opened.error());
  const auto text = report::ExportJson(*opened->ledger, opened->record);
  if (!text) return Fail(text.error());
  return WriteFile(look.output, *text + "\n");
}

}  // namespace

Verb RolloutVerb() {
  auto list = std::make_shared<Look>();
  auto get = std::make_shared<Look>();
  auto exported = std::make_shared<Look>();
  Verb verb{.name = "rollout",
            .summary = "List rollouts, print one as JSON, or export it whole",
            .examples =
                "  lockstep rollout list\n  lockstep rollout get 101\n"
                "  lockstep rollout export 101 -o run.json\n"};
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
       .run = [get] { return GetRollout(*get); }},
      {.name = "export",
       .summary = "Write a rollout with its documents, events and outputs into one file",
       .examples = "  lockstep rollout export 101 -o run.json\n",
       .arguments = {RolloutArgument(exported->rollout), OutputArgument(exported->output),
                     LedgerArgument(exported->ledger)},
       .run = [exported] { return Export(*exported); }}};
  return verb;
}

}  // namespace lockstep::cli
