// rollout list|get|export|create|run: rollouts as things of their own, of the ledger or a server.
#include "core/api/answers.h"
#include "core/base/json_writer.h"
#include "core/base/text.h"
#include "native/cli/execution.h"
#include "native/cli/plan_upload.h"
#include "native/cli/run_rollout.h"
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

struct RolloutOptions {
  ApiSettings api;  ///< of verbs that may ask a server
  std::string plan;
  std::optional<std::string> target;
  bool validate_only = false;
  std::string rollout;
  std::string ledger = ".lockstep/ledger.db";
  std::string format = "text";
  std::optional<std::string> output;
};

int Create(const RolloutOptions& options) {
  auto client = ApiClient::Open(options.api);
  if (!client.ok()) return Fail(client.error());
  Query query;
  if (options.target) query.emplace_back("target", *options.target);
  if (options.validate_only) query.emplace_back("validateOnly", "true");
  base::JsonWriter writer;
  writer.BeginObject().Member("plan", FullName(options.api, "plans", options.plan)).EndObject();
  return PrintAnswer(
      options.api,
      Ask(**client, "POST", "projects/" + options.api.project + "/rollouts", query, writer.Take()),
      [&](const AnswerJson& answer) {
        return (options.validate_only ? answer.text() : answer.Text("name")) + "\n";
      });
}

int RunAll(const RolloutOptions& options) {
  auto client = ApiClient::Open(options.api);
  if (!client.ok()) return Fail(client.error());
  return RunRollout(**client, options.api, FullName(options.api, "rollouts", options.rollout));
}

/// {"rollouts": […]} with the members that the table shows, oldest first.
base::Result<AnswerJson> RolloutsHere(const std::string& path) {
  auto ledger = Ledger::Open(path, Ledger::Mode::kRead);
  if (!ledger) return ledger.error();
  const auto records = (*ledger)->List();
  if (!records) return records.error();
  base::JsonWriter writer;
  writer.BeginObject().Key("rollouts").BeginArray();
  for (const ledger::RolloutRecord& record : *records) {
    writer.BeginObject().Member("name", record.name).Member("title", record.title);
    writer.Member("status", record.status).Member("digest", record.digest);
    writer.Member("createTime", base::FormatInstant(record.created)).EndObject();
  }
  return AnswerJson::Parse(writer.EndArray().EndObject().Take());
}

base::Result<AnswerJson> RolloutsOfServer(const ApiSettings& settings) {
  auto client = ApiClient::Open(settings);
  if (!client.ok()) return client.error();
  return ListAll(**client, "projects/" + settings.project + "/rollouts", "rollouts");
}

std::string RolloutTable(const AnswerJson& rollouts) {
  Table table(std::vector(4, Table::Align::kLeft));
  table.Row({"ROLLOUT", "STATUS", "CREATED", "TITLE"});
  for (const json::Value rollout : rollouts.root().Find("rollouts")->elements()) {
    const auto text = [&](const char* member) { return AnswerJson::Text(rollout, member); };
    table.Row({text("name"), text("status"), text("createTime"),
               base::Shorten(base::Printable(text("title")), 60)});
  }
  return table.Text();
}

int ListRollouts(const RolloutOptions& options) {
  const auto rollouts =
      options.api.server.empty() ? RolloutsHere(options.ledger) : RolloutsOfServer(options.api);
  if (!rollouts.ok()) return Fail(rollouts.error());
  Stdout().Write(options.format == "json" ? rollouts->text() + "\n" : RolloutTable(*rollouts));
  return native::kExitDone;
}

int GetRollout(const RolloutOptions& options) {
  if (!options.api.server.empty()) {
    auto client = ApiClient::Open(options.api);
    if (!client.ok()) return Fail(client.error());
    const auto answer = Ask(**client, "GET", FullName(options.api, "rollouts", options.rollout));
    return PrintAnswer(options.api, answer,
                       [](const AnswerJson& json) { return json.text() + "\n"; });
  }
  auto opened = OpenRollout(options.rollout, options.ledger);
  if (!opened) return Fail(opened.error());
  const auto stored = native::StoredRollout::Load(*opened->ledger, opened->record);
  if (!stored) return Fail(stored.error());
  Stdout().Write(api::RolloutAnswer((*stored)->rollout()) + "\n");
  return native::kExitDone;
}

int Export(const RolloutOptions& options) {
  auto opened = OpenRollout(options.rollout, options.ledger);
  if (!opened) return Fail(opened.error());
  const auto text = report::ExportJson(*opened->ledger, opened->record);
  if (!text) return Fail(text.error());
  return WriteFile(options.output, *text + "\n");
}

}  // namespace

Verb RolloutVerb() {
  auto list = std::make_shared<RolloutOptions>();
  auto get = std::make_shared<RolloutOptions>();
  auto exported = std::make_shared<RolloutOptions>();
  auto create = std::make_shared<RolloutOptions>();
  auto run = std::make_shared<RolloutOptions>();
  Verb verb{.name = "rollout",
            .summary = "Rollouts: create one of a plan, run, list, get, export",
            .examples =
                "  lockstep rollout list\n  lockstep rollout get 101\n"
                "  lockstep rollout export 101 -o run.json\n"
                "  lockstep rollout create --plan projects/hr/plans/101\n"};
  verb.verbs = {
      {.name = "create",
       .summary = "A rollout of a stored plan, up to a stage, and print its name",
       .examples = "  lockstep rollout create --plan 101 --project hr --target environments/test\n",
       .arguments = WithApiArguments({{.name = "--plan",
                                       .target = &create->plan,
                                       .help = "the plan's name or number",
                                       .value = "PLAN",
                                       .required = true},
                                      {.name = "--target",
                                       .target = &create->target,
                                       .help = "up to the stage of this environment (default: all)",
                                       .value = "ENVIRONMENT"},
                                      {.name = "--validate-only",
                                       .target = &create->validate_only,
                                       .help = "only show what it would be"}},
                                     create->api),
       .run = [create] { return Create(*create); }},
      {.name = "run",
       .summary = "Run its tasks that have not succeeded",
       .examples = "  lockstep rollout run 101 --project hr\n",
       .arguments = WithApiArguments({{.name = "ROLLOUT",
                                       .target = &run->rollout,
                                       .help = "its name or number",
                                       .completes = Completes::kRollout,
                                       .required = true}},
                                     run->api),
       .run = [run] { return RunAll(*run); }},
      {.name = "list",
       .summary = "List the rollouts of the ledger",
       .examples = "  lockstep rollout list --format json\n",
       .arguments = {LedgerArgument(list->ledger), ServerArgument(list->api),
                     ProjectArgument(list->api), FormatArgument(list->format, {"text", "json"})},
       .run = [list] { return ListRollouts(*list); }},
      {.name = "get",
       .summary = "Print the stages and tasks of a rollout",
       .examples = "  lockstep rollout get 101\n",
       .arguments = {RolloutArgument(get->rollout), LedgerArgument(get->ledger),
                     ServerArgument(get->api), ProjectArgument(get->api),
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
