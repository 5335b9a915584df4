// doctor: clients, versions, targets: what is there and what is missing. Changes nothing.
#include <unistd.h>

#include <filesystem>

#include "core/base/json_writer.h"
#include "core/base/text.h"
#include "core/diagnostics/render.h"
#include "core/inventory/inventory.h"
#include "native/cli/execution.h"
#include "native/client/client.h"
#include "native/client/marker_filter.h"
#include "native/connection/target.h"
#include "native/documents.h"
#include "native/ledger/ledger.h"
#include "native/process/loop.h"
#include "native/report/output.h"
#include "native/report/table.h"

namespace lockstep::cli {

using report::Stderr;
using report::Stdout;

namespace {

using base::ErrorCode;
using report::Table;

struct Check {
  std::string what;  ///< "client sqlite3", "instances/prod/databases/hr"
  bool ok = true;
  std::string message;  ///< what was found, or what is wrong and what to do
};

struct Doctor {
  std::string plan;
  PlanSettings settings;  // only where the inventory is
  ExecutionSettings execution;

  std::string FindInventory() const;
  int Run() const;
};

struct Answer {
  std::string out, err;
  client::MarkerLog markers;
  process::ExitStatus status;
};

/// Starts a client, waits for its end and keeps what it says.
base::Result<Answer> Ask(const client::ClientCommand& command, std::string_view nonce) {
  constexpr base::Duration kPatience = base::Seconds(10);
  process::Loop loop;
  Answer answer;
  client::MarkerFilter filter(nonce);
  bool ended = false, late = false;
  process::Loop::Listener listener;
  listener.on_output = [&](process::Stream stream, std::string_view bytes) {
    if (stream == process::Stream::kErr) {
      answer.err += bytes;
    } else {
      filter.Feed(bytes, answer.out);
    }
  };
  listener.on_exit = [&](const process::ExitStatus& status) {
    answer.status = status;
    ended = true;
  };
  const auto child = loop.Spawn(
      {command.program, command.args, command.env, command.script, command.working_folder},
      listener);
  if (!child) return child.error();
  loop.After(kPatience, [&] {
    late = true;
    loop.Kill(*child);
  });
  while (!ended) loop.Run({-1});
  if (late)
    return base::Error{ErrorCode::kUnavailable, "no answer in " + base::FormatDuration(kPatience)};
  filter.Finish(answer.out);
  answer.markers = filter.log();
  return answer;
}

Check CheckClient(sql::Engine engine, const connection::ClientPrograms& programs) {
  const client::Client& client = *client::ClientFor(engine);
  const auto chosen = programs.find(engine);
  const std::string name =
      chosen == programs.end() ? std::string(client.default_program()) : chosen->second;
  Check check{std::string(sql::Facts(engine).title) + " client", true, ""};
  const auto program = connection::FindProgram(name);
  if (!program) return {check.what, false, program.error().message};
  client::Target target;
  target.engine = engine;
  target.program = *program;
  const auto answer = Ask(client.MakeVersionProbe(target), "doctor");
  if (!answer) return {check.what, false, *program + ": " + answer.error().message};
  const client::Version version = client.InterpretVersion(
      {answer->status.code, answer->status.signal, answer->err}, answer->out);
  check.ok = !version.refusal;
  check.message =
      *program + ", version " + version.text + (check.ok ? "" : ": " + *version.refusal);
  return check;
}

Check CheckDatabase(const inventory::Inventory& inventory, inventory::DatabaseIndex database,
                    const std::string& folder, const connection::ClientPrograms& programs) {
  constexpr std::string_view kNonce =
      "00000000000000000000000000000000";  // it only reads: nobody can fool it
  Check check{std::string(inventory.databases[database].name.value), true, ""};
  const sql::Engine engine =
      inventory.instances[inventory.databases[database].instance].engine.value;
  const client::Client* client = client::ClientFor(engine);
  if (client == nullptr) {
    return {check.what, false,
            "Lockstep can't run tasks on " + std::string(sql::Facts(engine).title) + " yet"};
  }
  auto target = connection::TargetOf(inventory, database, folder, programs);
  if (!target) return {check.what, false, target.error().message};
  const auto program = connection::FindProgram(target->program);
  if (!program) return {check.what, false, program.error().message};
  target->program = *program;
  if (base::Status status = connection::CheckReachable(*target, false); !status) {
    return {check.what, false, status.error().message};
  }
  const auto answer = Ask(client->MakeConnectionProbe(*target, false, kNonce), kNonce);
  if (!answer) return {check.what, false, answer.error().message};
  const auto error = client->InterpretConnection(
      answer->markers, {answer->status.code, answer->status.signal, answer->err});
  if (error) return {check.what, false, error->message};
  check.message = target->database;
  return check;
}

Check CheckLedger(const std::string& path) {
  namespace fs = std::filesystem;
  Check check{"ledger " + path, true, ""};
  std::error_code ignored;
  if (fs::exists(path, ignored)) {
    const auto ledger = ledger::Ledger::Open(path, ledger::Ledger::Mode::kRead);
    if (!ledger.ok() && ledger.error().code != base::ErrorCode::kNotFound) {  // not: empty
      return {check.what, false, ledger.error().message};
    }
    check.ok = access(path.c_str(), R_OK | W_OK) == 0;
    check.message = check.ok ? "there, and writable" : "there, but not writable";
    return check;
  }
  // The first run would make it, in the first folder above it that is there.
  fs::path folder = fs::absolute(path, ignored).parent_path();
  while (!fs::exists(folder, ignored) && folder.has_relative_path()) folder = folder.parent_path();
  check.ok = access(folder.c_str(), W_OK) == 0;
  check.message = check.ok ? "not there yet; the first run makes it"
                           : "not there, and can't be made in " + base::Quote(folder.string());
  return check;
}

/// The inventory, without a plan around it.
struct ReadInventory {
  diagnostics::Sources sources;
  std::optional<json::Document> document;
  std::optional<inventory::Inventory> inventory;
  std::vector<diagnostics::Diagnostic> findings;
  bool has_errors = false;
};

base::Status Read(const std::string& path, bool lenient, ReadInventory& read) {
  const json::Limits limits;
  auto source = native::ReadSource(path, limits.max_bytes);
  if (!source) return source.error();
  source->set_may_hold_secrets();
  const diagnostics::SourceId id = read.sources.Add(std::move(*source));
  diagnostics::Emitter emitter;
  read.document = json::Document::Parse(id, read.sources[id], limits, emitter);
  if (read.document) read.inventory = inventory::DecodeInventory(*read.document, lenient, emitter);
  read.has_errors = emitter.has_errors();
  read.findings = emitter.Take();
  return {};
}

std::string ChecksJson(const std::vector<Check>& checks) {
  base::JsonWriter writer;
  writer.BeginObject().Key("checks").BeginArray();
  for (const Check& check : checks) {
    writer.BeginObject()
        .Member("what", check.what)
        .MemberBool("ok", check.ok)
        .Member("message", check.message)
        .EndObject();
  }
  return writer.EndArray().EndObject().Take() + "\n";
}

std::string ChecksText(const std::vector<Check>& checks, const report::Paint& paint) {
  Table table(std::vector(3, Table::Align::kLeft));
  for (const Check& check : checks) {
    table.Row({check.ok ? paint.Green("ok") : paint.Red("MISSING"), check.what, check.message});
  }
  return table.Text();
}

/// As named, else beside the plan or in this folder; "" when there is none.
std::string Doctor::FindInventory() const {
  if (settings.inventory) return *settings.inventory;
  const std::string beside =
      (std::filesystem::path(plan).parent_path() / "inventory.json").string();
  std::error_code ignored;
  return std::filesystem::exists(beside, ignored) ? beside : "";
}

int Doctor::Run() const {
  const auto programs = ParseClients(execution.clients);
  if (!programs) return Fail(programs.error());
  const std::string path = FindInventory();
  ReadInventory read;
  if (!path.empty()) {
    if (base::Status status = Read(path, settings.lenient, read); !status)
      return Fail(status.error());
  }
  Stderr().Write(read.findings.empty() ? ""
                                       : RenderText(read.sources, read.findings, Stderr().color()));
  if (read.has_errors) return native::kExitPlanInvalid;

  std::vector<Check> checks = {CheckLedger(execution.ledger)};
  for (const sql::EngineFacts& facts : sql::AllEngines()) {
    if (client::ClientFor(facts.engine) != nullptr)
      checks.push_back(CheckClient(facts.engine, *programs));
  }
  if (read.inventory) {
    for (inventory::DatabaseIndex database : read.inventory->databases.indices()) {
      checks.push_back(CheckDatabase(*read.inventory, database,
                                     std::filesystem::absolute(path).parent_path().string(),
                                     *programs));
    }
  }
  const bool json = execution.format == "json";
  Stdout().Write(json ? ChecksJson(checks) : ChecksText(checks, report::Paint(Stdout().color())));
  if (path.empty() && !json)
    Stdout().Write("no inventory here: --inventory FILE checks the databases of one\n");
  const bool ok =
      std::all_of(checks.begin(), checks.end(), [](const Check& check) { return check.ok; });
  return ok ? native::kExitDone : native::kExitUnavailable;
}

}  // namespace

Verb DoctorVerb() {
  auto self = std::make_shared<Doctor>();
  return {.name = "doctor",
          .summary = "Show what is there and what is missing: clients, versions, databases",
          .examples = "  lockstep doctor\n  lockstep doctor plan.json --format json\n",
          .arguments = {{.name = "PLAN",
                         .target = &self->plan,
                         .help = "where to look for inventory.json (default: here)",
                         .completes = Completes::kFile},
                        {.name = "--inventory",
                         .target = &self->settings.inventory,
                         .help = "the databases to look at",
                         .value = "FILE",
                         .completes = Completes::kFile},
                        {.name = "--client",
                         .target = &self->execution.clients,
                         .help = "the client of an engine; may be repeated",
                         .value = "ENGINE=PROGRAM"},
                        LedgerArgument(self->execution.ledger),
                        FormatArgument(self->execution.format, {"text", "json"})},
          .run = [self] { return self->Run(); }};
}

}  // namespace lockstep::cli
