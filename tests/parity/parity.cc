// The native half of the comparison with WebAssembly (parity.mjs is the other).
//
//   parity requests FILE   every corpus case, every scheduler script, the seeded swarm
//   parity answers FILE    a line for each: method and SHA-256 of the answer
//   parity answer FILE N   the N-th request's JSON and its answer's, to be looked at
//
// LOCKSTEP_SWARM=N makes that many seeded requests (10,000), LOCKSTEP_SEED=N begins at that seed.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/api/api.h"
#include "core/base/check.h"
#include "core/base/json_writer.h"
#include "core/base/sha256.h"
#include "core/migrations/migrations.h"
#include "native/time_zones.h"
#include "tests/corpus/corpus.h"
#include "tests/parity/random_request.h"
#include "tests/scheduler/player.h"
#include "tests/scheduler/script.h"

namespace lockstep::parity {
namespace {

/// Numbers are 32 bits, the lowest byte first; a request is its method, the number of its parts and
/// the parts (the JSON, then the attachments), each with its size before it.
class RequestFile {
 public:
  explicit RequestFile(std::ostream& out) : out_(out) {}
  void Write(const std::string& method, const api::Message& message) {
    Bytes(method);
    Number(1 + message.attachments.size());
    Bytes(message.json);
    for (const std::string& attachment : message.attachments) Bytes(attachment);
  }

 private:
  void Number(std::size_t n) {
    for (int shift = 0; shift < 32; shift += 8) out_.put(static_cast<char>(n >> shift));
  }
  void Bytes(const std::string& bytes) {
    Number(bytes.size());
    out_ << bytes;
  }
  std::ostream& out_;
};

std::vector<Request> ReadRequests(const std::string& path) {
  const std::string file = corpus::ReadFile(path);
  std::size_t at = 0;
  const auto number = [&] {
    std::size_t n = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      n |= static_cast<std::size_t>(static_cast<unsigned char>(file.at(at++))) << shift;
    }
    return n;
  };
  const auto bytes = [&] {
    const std::size_t size = number();
    at += size;
    return file.substr(at - size, size);
  };
  std::vector<Request> requests;
  while (at < file.size()) {
    Request request;
    request.method = bytes();
    const std::size_t parts = number();
    request.message.json = bytes();
    for (std::size_t i = 1; i < parts; ++i) request.message.attachments.push_back(bytes());
    requests.push_back(std::move(request));
  }
  return requests;
}

void WriteAllMethods(RequestFile& file, const api::Message& message) {
  for (const char* method : {"validate", "expand", "simulate", "study", "timeline", "replay",
                             "render", "outline", "convert", "semantics"}) {
    file.Write(method, message);
  }
}

/// Each case with the one before it.
void WriteDiffs(RequestFile& file, const std::vector<corpus::Case>& cases) {
  for (std::size_t i = 1; i < cases.size(); ++i) {
    const corpus::Case& a = cases[i - 1];
    const corpus::Case& b = cases[i];
    RequestWriter writer;
    writer.Text("plan", a.texts.at(a.plan));
    if (a.inventory) writer.Text("inventory", a.texts.at(*a.inventory));
    writer.Other(b.texts.at(b.plan), b.inventory ? b.texts.at(*b.inventory) : "{}");
    file.Write("diff", writer.Take());
  }
}

/// Each once: most cases share theirs.
std::set<std::string> SheetsOf(const std::vector<corpus::Case>& cases) {
  std::set<std::string> sheets;
  for (const corpus::Case& of : cases) {
    for (const auto& [name, text] : of.texts) {
      if (of.has_sheets && name.rfind(of.sheets_prefix, 0) == 0) sheets.insert(text);
    }
  }
  return sheets;
}

/// Split as each engine does.
void WriteSheets(RequestFile& file, const std::set<std::string>& sheets) {
  for (const std::string& sheet : sheets) {
    for (const char* engine : {"POSTGRES", "MYSQL", "SQLITE", "ORACLE", "MSSQL", "none"}) {
      RequestWriter writer;
      writer.Text("sheet", sheet);
      writer.Text("engine", engine);
      file.Write("statements", writer.Take());
    }
  }
}

/// As the migrations of each tool.
void WriteImports(RequestFile& file, const std::set<std::string>& sheets) {
  for (const std::string& sheet : sheets) {
    for (const std::string_view tool : migrations::ToolNames()) {
      base::JsonWriter writer;
      writer.BeginObject().Member("tool", tool).Member("engine", "MYSQL").Key("files");
      writer.BeginObject().Member("V1.2__a.sql", sheet).Member("R__b.sql", sheet);
      writer.Member("3_c.sql", "-- migrate:up\n" + sheet + "\n-- migrate:down\n");
      writer.Member("4_d.up.sql", sheet).Member("sqitch.plan", "e\n@t\ne [e@t]\n");
      writer.Member("deploy/e.sql", "BEGIN;\n" + sheet + ";\nCOMMIT;");
      writer.Member("deploy/e@t.sql", sheet);
      writer.Member("f.sql", "--liquibase formatted sql\n--changeset a:1 dbms:mysql\n" + sheet);
      writer.EndObject().Key("targets").BeginArray().String("instances/i/databases/d");
      file.Write("import", {writer.EndArray().EndObject().Take(), {}});
    }
    base::JsonWriter goose;
    goose.BeginObject().Member("tool", "goose").Key("files").BeginObject();
    goose.Member("1_a.sql", "-- +goose Up\n" + sheet).EndObject().Key("targets").BeginArray();
    goose.String("instances/i/databases/d").String("projects/p/databaseGroups/g");
    file.Write("import", {goose.EndArray().EndObject().Take(), {}});
  }
}

/// `asked`: with all that a study can be asked for.
api::Message MessageOf(const corpus::Case& of, bool asked = false) {
  RequestWriter writer;
  writer.Text("plan", of.texts.at(of.plan));
  writer.Text("planName", of.plan);
  if (of.inventory) writer.Text("inventory", of.texts.at(*of.inventory));
  if (of.scenario) writer.Text("scenario", of.texts.at(*of.scenario));
  if (of.has_sheets) writer.HasSheets();
  for (const auto& [file, text] : of.texts) {
    if (!of.has_sheets || file.rfind(of.sheets_prefix, 0) != 0) continue;
    const std::string stem = file.substr(of.sheets_prefix.size());
    writer.Sheet(stem.substr(0, stem.find_first_of("-.")), text);
  }
  base::JsonWriter options;
  options.BeginObject().MemberBool("lenient", of.options.lenient);
  options.Member("semantics", of.options.semantics.name);
  if (of.options.now) options.Member("now", base::FormatInstant(*of.options.now));
  if (asked) {
    options.MemberBool("explain", true).Member("runs", std::int64_t{20});
    options.Member("window", "Sat 01:00-05:00 Europe/Berlin");
  }
  options.Key("rules").BeginObject();
  for (const auto& [rule, severity] : of.options.severities) {
    options.Member(diagnostics::Info(rule).code, severity ? ToString(*severity) : "off");
  }
  writer.Options(options.EndObject().EndObject().Take());
  return writer.Take();
}

api::Message MessageOf(const scheduler_test::Setup& setup, const scheduler_test::Player& player) {
  RequestWriter writer(true);
  writer.Text("plan", setup.PlanJson());
  writer.Text("inventory", setup.InventoryJson());
  std::string events;
  for (const std::string& event : player.ledger()) events += event + "\n";
  writer.Text("events", std::move(events));
  base::JsonWriter options;
  options.BeginObject().Member("semantics", setup.semantics());
  options.Member("now", base::FormatInstant(scheduler_test::kStart));
  const rollout::Pace& pace = setup.pace();
  options.Member("parallel", static_cast<std::int64_t>(pace.parallel.value_or(0)));
  options.Member("canary", static_cast<std::int64_t>(pace.canary.value_or(0)));
  if (pace.max_failures) options.Member("maxFailures", rollout::ToString(*pace.max_failures));
  writer.Options(options.EndObject().Take());
  return writer.Take();
}

/// Each of a script's plans, with the events that the script led to.
std::vector<api::Message> MessagesOf(const std::string& script) {
  std::vector<api::Message> messages;
  scheduler_test::Setup setup;
  std::unique_ptr<scheduler_test::Player> player;
  const auto finish = [&] {
    if (player) messages.push_back(MessageOf(setup, *player));
    player.reset();
  };
  for (const scheduler_test::Line& line : scheduler_test::ReadScript(script)) {
    if (line.kind == scheduler_test::Line::Kind::kSetup) {
      finish();
      LOCKSTEP_CHECK(!setup.Add(line.text), "a script's setup");
    } else if (line.kind == scheduler_test::Line::Kind::kCommand) {
      if (!player) player = std::make_unique<scheduler_test::Player>(setup);
      player->Do(line.text);
    }
  }
  finish();
  return messages;
}

std::uint64_t NumberFrom(const char* variable, std::uint64_t otherwise) {
  const char* value = std::getenv(variable);
  return value == nullptr ? otherwise : std::strtoull(value, nullptr, 10);
}

void WriteRequests(const std::string& path) {
  std::ofstream out(path, std::ios::binary);
  RequestFile file(out);
  const std::vector<corpus::Case> cases = corpus::LoadCases();
  for (const corpus::Case& of : cases) {
    WriteAllMethods(file, MessageOf(of));
    file.Write("study", MessageOf(of, true));
  }
  const std::set<std::string> sheets = SheetsOf(cases);
  WriteSheets(file, sheets);
  WriteImports(file, sheets);
  WriteDiffs(file, cases);
  std::vector<std::filesystem::path> scripts;
  for (const auto& entry :
       std::filesystem::directory_iterator(LOCKSTEP_SOURCE_DIR "/tests/scheduler/scripts")) {
    scripts.push_back(entry.path());
  }
  std::sort(scripts.begin(), scripts.end());
  for (const auto& script : scripts) {
    for (const api::Message& message : MessagesOf(corpus::ReadFile(script.string()))) {
      WriteAllMethods(file, message);
      for (const char* method : {"compare", "learn"}) file.Write(method, message);
    }
  }
  file.Write("rules", {"{}", {}});
  file.Write("version", {"{}", {}});
  for (const char* json :
       {"", "{}", "[]", "{\"plan\":1}", "{\"plan\":\"{}\",\"options\":{\"x\":1}}",
        "{\"plan\":{\"attachment\":7}}", "\xff", "{\"plan\":\"{}\",\"drawing\":{\"width\":1}}",
        "{\"plan\":\"{}\",\"drawing\":{\"view\":\"x\"}}"}) {
    file.Write("validate", {json, {}});
    file.Write("statements", {json, {}});
    file.Write("import", {json, {}});
    file.Write("diff", {json, {}});
  }
  const std::uint64_t first = NumberFrom("LOCKSTEP_SEED", 1);
  const std::uint64_t count = NumberFrom("LOCKSTEP_SWARM", 10'000);
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const Request request = MakeRequest(seed);
    file.Write(request.method, request.message);
  }
}

api::Message AnswerTo(Request request) {
  return api::Answer(request.method, std::move(request.message), &native::SystemTimeZones);
}

void WriteAnswers(const std::string& path) {
  for (Request& request : ReadRequests(path)) {
    const std::string method = request.method;
    const api::Message answer = AnswerTo(std::move(request));
    base::Sha256 hash;
    hash.Field(answer.json);
    for (const std::string& attachment : answer.attachments) hash.Field(attachment);
    std::cout << method << ' ' << hash.HexDigest() << '\n';
  }
}

void WriteAnswer(const std::string& path, std::size_t number) {
  Request request = ReadRequests(path).at(number);
  std::cout << request.method << '\n' << request.message.json << '\n';
  for (const std::string& attachment : request.message.attachments) std::cout << attachment << '\n';
  std::cout << AnswerTo(std::move(request)).json << '\n';
}

}  // namespace
}  // namespace lockstep::parity

int main(int argc, char** argv) {
  using namespace lockstep::parity;
  const std::string verb = argc > 2 ? argv[1] : "";
  if (verb == "requests") WriteRequests(argv[2]);
  if (verb == "answers") WriteAnswers(argv[2]);
  if (verb == "answer" && argc > 3) WriteAnswer(argv[2], std::strtoull(argv[3], nullptr, 10));
  return std::cout.good() ? 0 : 1;
}
