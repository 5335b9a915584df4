// doctor: clients, versions, targets: what is there and what is missing. Changes nothing.
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "core/base/json_writer.h"
#include "core/base/text.h"
#include "core/diagnostics/render.h"
#include "core/inventory/inventory.h"
#include "native/ask.h"
#include "native/cli/execution.h"
#include "native/client/client.h"
#include "native/connection/find_program.h"
#include "native/documents.h"
#include "native/ledger/ledger.h"
#include "native/reach.h"
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
  std::string message;      ///< what was found, or what is wrong and what to do
  base::Duration took{-1};  ///< starting a client and connecting it; -1: not of a database
};

struct Doctor {
  std::string plan;
  PlanSettings settings;  // only where the inventory is
  ExecutionSettings execution;

  std::string FindInventory() const;
  int Run() const;
};

constexpr char kNonce[] = "00000000000000000000000000000000";  // it only reads: nobody can fool it

/// The clients of these engines; `programs` gets where they are.
std::vector<Check> CheckClients(process::Loop& loop, const std::set<sql::Engine>& engines,
                                const connection::ClientPrograms& chosen,
                                std::map<sql::Engine, std::string>& programs) {
  std::vector<Check> checks;
  for (const sql::Engine engine : engines) {
    const client::Client* client = client::ClientFor(engine);
    const std::string title(sql::Facts(engine).title);
    if (client == nullptr) {
      checks.push_back({title + " client", false, "Lockstep can't run tasks on it yet"});
      continue;
    }
    const auto program = connection::FindClient(engine, chosen);
    if (!program) {
      checks.push_back({title + " client", false, program.error().message});
      continue;
    }
    client::Target target;
    target.engine = engine;
    target.program = *program;
    std::vector<native::Question> question;
    question.push_back({.command = client->MakeVersionProbe(target), .nonce = kNonce});
    const native::Answer answer = std::move(native::AskAll(loop, std::move(question)).front());
    const client::Version version = client->InterpretVersion(answer.end(), answer.out);
    Check check{title + " client", !answer.error && !version.refusal, *program};
    if (answer.error) {
      check.message += ": " + answer.error->message;
    } else {
      check.message += ", version " + version.text + (check.ok ? "" : ": " + *version.refusal);
    }
    if (check.ok) programs[engine] = *program;
    checks.push_back(std::move(check));
  }
  return checks;
}

std::vector<Check> CheckDatabases(process::Loop& loop, const inventory::Inventory& inventory,
                                  const std::string& folder,
                                  const std::map<sql::Engine, std::string>& programs) {
  std::vector<inventory::DatabaseIndex> databases;
  for (const inventory::DatabaseIndex database : inventory.databases.indices())
    databases.push_back(database);
  const auto program = [&](sql::Engine engine) -> base::Result<std::string> {
    const auto found = programs.find(engine);
    if (found != programs.end()) return found->second;
    return base::Error{ErrorCode::kUnavailable,
                       "there is no client for " + std::string(sql::Facts(engine).title)};
  };
  const std::vector<native::Reached> reached =
      native::Reach(loop, inventory, databases,
                    {.folder = folder, .program = program, .allowed_hosts = {}, .stop = -1});
  std::vector<Check> checks;
  for (std::size_t i = 0; i < databases.size(); ++i) {
    checks.push_back({std::string(inventory.databases[databases[i]].name.value), reached[i].ok,
                      reached[i].message, reached[i].took});
  }
  return checks;
}

Check CheckLedger(const std::string& path) {
  namespace fs = std::filesystem;
  // The address of a server may hold a password.
  Check check{"ledger" + (ledger::IsOnServer(path) ? " on a server" : " " + path), true, ""};
  if (ledger::IsOnServer(path)) {
    const auto ledger = ledger::Ledger::Open(path, ledger::Ledger::Mode::kRead);
    if (ledger.ok()) return {check.what, true, "there"};
    if (ledger.error().code == base::ErrorCode::kNotFound &&
        ledger.error().message.ends_with("yet"))
      return {check.what, true, "its server answers; the first run makes its tables"};
    return {check.what, false, ledger.error().message};
  }
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
        .Key("took");
    check.took.ms < 0 ? writer.Null() : writer.Int(check.took.ms);
    writer.EndObject();
  }
  return writer.EndArray().EndObject().Take() + "\n";
}

/// A scenario that says what connecting costs.
std::string ChecksScenario(const std::vector<Check>& checks) {
  base::JsonWriter writer(2);
  writer.BeginObject().Key("durations").BeginObject().Key("connect").BeginObject();
  writer.Key("targets").BeginObject();
  for (const Check& check : checks) {
    if (check.took.ms >= 0) writer.Member(check.what, std::to_string(check.took.ms) + "ms");
  }
  return writer.EndObject().EndObject().EndObject().EndObject().Take() + "\n";
}

std::string ChecksText(const std::vector<Check>& checks, const report::Paint& paint) {
  Table table(std::vector(3, Table::Align::kLeft));
  for (const Check& check : checks) {
    const std::string took = check.took.ms < 0 ? "" : ", in " + base::FormatDuration(check.took);
    table.Row({check.ok ? paint.Green("ok") : paint.Red("MISSING"), base::Printable(check.what),
               base::Printable(check.message) + took});
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
  if (std::error_code ignored; !plan.empty() && !std::filesystem::exists(plan, ignored)) {
    return Fail({base::ErrorCode::kNotFound,
                 "there is no " + base::Quote(plan) + "; the inventory is looked for beside it"});
  }
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
  // The clients of the inventory's engines; without one, of all engines that have a client.
  std::set<sql::Engine> engines;
  if (read.inventory) {
    for (const inventory::Instance& instance : read.inventory->instances)
      engines.insert(instance.engine.value);
  } else {
    for (const sql::EngineFacts& facts : sql::AllEngines()) {
      if (client::ClientFor(facts.engine) != nullptr) engines.insert(facts.engine);
    }
  }
  process::Loop loop;
  std::map<sql::Engine, std::string> found;
  std::ranges::move(CheckClients(loop, engines, *programs, found), std::back_inserter(checks));
  if (read.inventory) {
    const std::string folder = std::filesystem::absolute(path).parent_path().string();
    std::ranges::move(CheckDatabases(loop, *read.inventory, folder, found),
                      std::back_inserter(checks));
  }
  const bool text = execution.format == "text";
  Stdout().Write(text                         ? ChecksText(checks, report::Paint(Stdout().color()))
                 : execution.format == "json" ? ChecksJson(checks)
                                              : ChecksScenario(checks));
  if (path.empty() && text)
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
          .examples =
              "  lockstep doctor\n  lockstep doctor plan.json --format json\n"
              "  lockstep doctor --format scenario > connect.json\n",
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
                        FormatArgument(self->execution.format, {"text", "json", "scenario"})},
          .run = [self] { return self->Run(); }};
}

}  // namespace lockstep::cli
