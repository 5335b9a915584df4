#include "tests/parity/random_request.h"

#include <vector>

#include "core/api/api.h"
#include "core/base/json_writer.h"
#include "core/base/text.h"
#include "native/time_zones.h"
#include "tests/parity/random_scenario.h"

namespace lockstep::parity {
namespace {

using base::JsonWriter;
using base::Prng;
using Names = std::vector<std::string>;

template <class T>
const T& Pick(Prng& prng, const std::vector<T>& items) {
  return items[prng.Below(items.size())];
}

const Names kEngines = {"SQLITE", "POSTGRES", "MYSQL", "ORACLE", "MSSQL", "MONGODB", "SNOWFLAKE"};
const Names kTypes = {"MIGRATE",  "MIGRATE",     "MIGRATE",      "DATA",
                      "BASELINE", "MIGRATE_SDL", "MIGRATE_GHOST"};
const Names kFailureLimits = {"0", "1", "2", "3", "2%", "50%", "100%", "0%", "101%"};
const Names kVersions = {"1", "2", "10", "1.2", "1.10", "007", "v3", "20261122-a", ""};
const Names kTimes = {"2026-11-22T03:37:00Z", "2026-11-22T05:00:00.25+02:00",
                      "2020-01-01T00:00:00Z", "2026-11-22T24:00:00Z"};
const Names kSheets = {
    "CREATE TABLE t(a INT);\nINSERT INTO t VALUES (1);\n",
    "ALTER TABLE t ADD COLUMN b TEXT; UPDATE t SET b = 'it''s';",
    "BEGIN;\nDELETE FROM t;\nCOMMIT;\n",
    "-- only a comment\n",
    "",
    "CREATE FUNCTION f() RETURNS int AS $x$ SELECT 1; $x$ LANGUAGE sql;\nVACUUM;\n",
    "DELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1; END//\nDELIMITER ;\n",
    ".read other.sql\nSELECT 'never ended",
    "SELECT 1\nGO 2\nUSE other\nGO\n",
    "CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END;\n/\n",
    "COPY t FROM stdin;\n1\n\\.\n\\connect x\n",
    "INSERT INTO t VALUES ('gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80');\xff",
};

class RequestMaker {
 public:
  /// `calm`: plans that mostly run, for what only simulations show.
  explicit RequestMaker(Prng& prng, bool calm = false) : prng_(prng), calm_(calm) {
    for (std::uint64_t i = 0, n = 1 + Below(3); i < n; ++i) {
      const std::string instance = "instances/i" + std::to_string(i);
      instances_.push_back(instance);
      for (std::uint64_t d = 0, m = 1 + Below(3); d < m; ++d) {
        databases_.push_back(instance + "/databases/" + std::string(1, static_cast<char>('a' + d)));
      }
    }
  }

  std::string Inventory() {
    JsonWriter json(Chance(2) ? 1 : 0);
    json.BeginObject().Key("environments").BeginArray();
    for (const char* name : {"test", "prod"}) {
      json.BeginObject().Member("name", std::string("environments/") + name);
      if (Chance(4)) Hours(json);
      json.EndObject();
    }
    json.EndArray().Key("instances").BeginArray();
    for (const std::string& instance : instances_) {
      json.BeginObject()
          .Member("name", instance)
          .Member("engine", calm_ ? kEngines[0] : Pick(prng_, kEngines));
      json.Member("environment", Chance(3) ? "environments/prod" : "environments/test");
      if (Chance(3)) json.Member("maximumConnections", static_cast<std::int64_t>(Below(4)));
      if (!Chance(8)) {
        json.Key("dataSources").BeginArray().BeginObject();
        json.Member("type", "ADMIN").Member("host", "data").EndObject().EndArray();
      }
      json.Key("databases").BeginArray();
      for (const std::string& name : databases_) {
        if (name.rfind(instance + "/", 0) != 0) continue;
        json.BeginObject().Member("name", name).Key("labels").BeginObject();
        json.Member("tenant", Chance(2) ? "a" : "b").EndObject().EndObject();
      }
      json.EndArray().EndObject();
    }
    json.EndArray().Key("databaseGroups").BeginArray().BeginObject();
    json.Member("name", "projects/p/databaseGroups/g").Key("databaseExpr").BeginObject();
    const Names expressions = {
        "resource.database_name == \"a\"",
        "resource.environment_name == \"environments/test\"",
        "resource.labels.tenant == \"a\" || resource.database_name in [\"b\"]",
        "resource.database_name.startsWith(\"a\")",
        "true",
        "resource."};
    json.Member("expression", calm_ ? "true" : Pick(prng_, expressions))
        .EndObject()
        .EndObject()
        .EndArray();
    if (Chance(4)) json.Key("stagePolicy").BeginObject().Member("endState", "terminal").EndObject();
    if (Chance(6)) {
      json.Key("stages").BeginArray().BeginObject().Member("title", Chance(4) ? "test" : "step");
      Hours(json);
      json.EndObject().EndArray();
    }
    if (Mess(4)) {
      json.Key("sheets").BeginArray().BeginObject().Member("name", "projects/p/sheets/1");
      json.Member("statement", Pick(prng_, kSheets)).EndObject().EndArray();
    }
    return json.EndObject().Take();
  }

  std::string Plan() {
    const bool flat = Chance(3);
    JsonWriter json(Chance(2) ? 2 : 0);
    json.BeginObject();
    if (Chance(2)) json.Member("name", "projects/p/plans/1").Member("title", "gr\xc3\xbc\xc3\x9f");
    if (Mess(8)) json.Key("vcsSource").BeginObject().EndObject();
    if (!flat) json.Key("steps").BeginArray();
    for (std::uint64_t i = 0, n = flat ? 1 : 1 + Below(3); i < n; ++i) {
      if (!flat) json.BeginObject().Member("title", "step");
      json.Key("specs").BeginArray();
      first_of_step_ = specs_;
      for (std::uint64_t s = 0, m = Mess(10) ? 0 : 1 + Below(6); s < m; ++s) Spec(json, flat);
      json.EndArray();
      if (!flat) json.EndObject();
    }
    if (!flat) json.EndArray();
    return json.EndObject().Take();
  }

  std::string Scenario() {
    PlanNames names{instances_, databases_, {}};
    for (std::uint64_t i = 0; i < specs_; ++i) names.specs.push_back(Id(i));
    return RandomScenario(prng_, names);
  }

  /// Widths and rows below and above what may be, too.
  std::string Drawing() {
    JsonWriter json;
    json.BeginObject().Member(
        "format", Pick(prng_, Names{"svg", "html", "lanes", "lanes", "mermaid", "trace", "pdf"}));
    if (Chance(3)) json.Member("view", Pick(prng_, Names{"graph", "lanes"}));
    if (Chance(2)) json.Member("width", static_cast<std::int64_t>(Below(500)));
    if (Chance(3)) json.Member("rows", static_cast<std::int64_t>(Below(9)));
    return json.EndObject().Take();
  }

  /// Of durations, with a mistake now and then.
  std::string Table() {
    JsonWriter json;
    json.BeginArray().BeginArray().String("duration").String("spec").String("size").EndArray();
    for (std::uint64_t i = 0, n = Below(6); i < n; ++i) {
      json.BeginArray().String(Mess(8) ? "soon" : std::to_string(1 + Below(600)) + "s");
      json.String(Chance(2) ? Id(Below(specs_ + 1)) : " ");
      if (!Mess(8)) json.String(Pick(prng_, Names{"", "small", "large\n"}));
      json.EndArray();
    }
    return json.EndArray().Take();
  }

  std::string Options() {
    JsonWriter json;
    json.BeginObject();
    if (Chance(2)) json.Member("now", "2026-11-22T00:00:00Z");
    if (Chance(4)) json.MemberBool("lenient", true);
    if (Chance(4)) json.Member("semantics", "bytebase-3.4");
    if (Chance(4)) json.Member("parallel", static_cast<std::int64_t>(Below(3)));
    if (Chance(4)) json.Member("canary", static_cast<std::int64_t>(Below(3)));
    if (Chance(8)) json.Member("maxFailures", Pick(prng_, kFailureLimits));
    if (Chance(2)) json.MemberBool("explain", true);
    if (Chance(2)) json.Member("runs", static_cast<std::int64_t>(Below(21)));
    if (Chance(2)) json.Member("window", RandomWindow(prng_));
    if (Chance(6)) {
      json.Key("rules").BeginObject().Member("unused-sheet", "off").Member("LS405", "info");
      json.EndObject();
    }
    return json.EndObject().Take();
  }

  std::uint64_t Below(std::uint64_t bound) { return prng_.Below(bound); }
  bool Chance(std::uint64_t one_in) { return prng_.Below(one_in) == 0; }
  /// Of what mostly keeps a plan from running.
  bool Mess(std::uint64_t one_in) { return !calm_ && Chance(one_in); }

 private:
  static std::string Id(std::uint64_t spec) { return "s" + std::to_string(spec); }

  /// When tasks may start. A freeze in which the clocks change, too.
  void Hours(JsonWriter& json) {
    json.Key("window");
    if (Chance(3)) {
      json.BeginArray().String(RandomWindow(prng_)).String(RandomWindow(prng_)).EndArray();
    } else {
      json.String(RandomWindow(prng_));
    }
    if (!Chance(3)) return;
    json.Key("freeze").BeginArray().BeginObject();
    json.Member("from", Chance(2) ? "2026-11-21T00:00:00Z" : "2026-03-27T12:00:00+01:00");
    json.Member("to", Chance(2) ? "2026-11-24T00:00:00Z" : "2026-03-30T02:30:00+02:00");
    json.EndObject().EndArray();
  }

  void Spec(JsonWriter& json, bool flat) {
    json.BeginObject().Member("id", Mess(30) ? Id(0) : Id(specs_));
    if (Chance(6)) json.Member("earliestAllowedTime", calm_ ? kTimes[0] : Pick(prng_, kTimes));
    if (specs_ > 0 && Chance(2)) {
      json.Key("dependsOnSpecs").BeginArray();
      // Mostly on an earlier one of its step, so that most plans can run.
      const std::uint64_t earliest = Mess(10) ? 0 : first_of_step_;
      for (std::uint64_t i = 0, n = 1 + Below(2); i < n && specs_ > earliest; ++i) {
        json.String(Id(Mess(15) ? Below(specs_ + 2) : earliest + Below(specs_ - earliest)));
      }
      json.EndArray();
    }
    ++specs_;
    const std::uint64_t kind = calm_ ? 2 : Below(16);
    if (kind == 0) {
      json.Key("createDatabaseConfig").BeginObject().Member("target", Pick(prng_, instances_));
      json.Member("database", "made").Member("characterSet", Chance(2) ? "utf8mb4" : "");
      json.EndObject().EndObject();
      return;
    }
    json.Key(kind == 1 ? "exportDataConfig" : "changeDatabaseConfig").BeginObject();
    const auto target = [&] {
      return Mess(10)   ? "projects/p/databaseGroups/g"
             : Mess(30) ? "instances/i9/databases/a"
                        : Pick(prng_, databases_);
    };
    if (flat) {
      json.Key("targets").BeginArray();
      for (std::uint64_t i = 0, n = 1 + Below(2); i < n; ++i) json.String(target());
      json.EndArray();
    } else {
      json.Member("target", target());
    }
    json.Member("sheet", "projects/p/sheets/" + std::to_string(1 + Below(4)));
    if (kind == 1) json.Member("format", "CSV");
    if (kind > 1) json.Member("type", calm_ ? kTypes[0] : Pick(prng_, kTypes));
    if (kind > 1 && Mess(5)) json.Member("schemaVersion", Pick(prng_, kVersions));
    if (kind > 1 && Mess(12)) {
      json.Key("ghostFlags").BeginObject().Member("max-load", "Threads_running=25");
      json.Member("chunk-size", "x").EndObject();
    }
    json.EndObject().EndObject();
  }

  Prng& prng_;
  bool calm_;
  Names instances_, databases_;
  std::uint64_t specs_ = 0, first_of_step_ = 0;
};

/// One change at some place: bytes, tokens, or the end of the text.
void Break(Prng& prng, std::string& text) {
  const Names tokens = {"null",
                        "[]",
                        "{}",
                        "1e400",
                        "-0",
                        "\"\"",
                        ",",
                        "}",
                        "//",
                        "/*",
                        "true",
                        "\xff",
                        "\\ud800",
                        "\xe2\x80\xae",
                        "9007199254740993",
                        "\"x\":",
                        "\xef\xbb\xbf",
                        "{...}"};
  const std::size_t at = prng.Below(text.size() + 1);
  switch (prng.Below(6)) {
    case 0:
      text.resize(at);
      return;
    case 1:
      text.erase(at, 1 + prng.Below(8));
      return;
    case 2:
      if (at < text.size()) text[at] = static_cast<char>(prng.Next());
      return;
    case 3:
      text.insert(at, text.substr(prng.Below(text.size() + 1), prng.Below(40)));
      return;
    case 4: {  // a value becomes another one
      const std::size_t colon = text.find(": ", at);
      if (colon == text.npos) return;
      const std::size_t end = text.find_first_of(",}\n", colon);
      text.replace(colon + 2, std::min(end, text.size()) - colon - 2, Pick(prng, tokens));
      return;
    }
    default:
      text.insert(at, Pick(prng, tokens));
  }
}

/// The events that a simulation of the same documents writes, as a runner would.
std::string EventsOf(const api::Message& simulate) {
  const std::string json = api::Answer("simulate", simulate, &native::SystemTimeZones).json;
  const std::size_t begin = json.rfind("\"events\":[");
  if (begin == json.npos) return "";
  std::string lines = json.substr(begin + 10, json.size() - begin - 12);
  for (std::size_t at = 0; (at = lines.find("},{\"sequence\"", at)) != lines.npos;) {
    lines[at + 1] = '\n';
  }
  return lines + "\n";
}

}  // namespace

void RequestWriter::Text(std::string_view key, std::string text) {
  members_ += (members_.empty() ? "" : ",") + base::JsonWriter().String(key).Take() + ":" +
              Embed(std::move(text));
}

void RequestWriter::Sheet(std::string name, std::string text) {
  has_sheets_ = true;
  sheets_ += (sheets_.empty() ? "" : ",") + base::JsonWriter().String(name).Take() + ":" +
             Embed(std::move(text));
}

void RequestWriter::Other(std::string plan, std::string inventory) {
  std::string sheets =
      has_sheets_ ? ",\"sheets\":{\"1\":" + Embed("SELECT 1;\nSELECT 2;") + "}" : "";
  plan = Embed(std::move(plan));
  inventory = Embed(std::move(inventory));
  members_ += (members_.empty() ? "" : ",") + std::string("\"other\":{\"plan\":") + plan +
              ",\"inventory\":" + inventory + sheets + "}";
}

std::string RequestWriter::Embed(std::string text) {
  if (inside_ && base::FirstInvalidUtf8(text) == text.size()) {
    return base::JsonWriter().String(text).Take();
  }
  attachments_.push_back(std::move(text));
  return "{\"attachment\":" + std::to_string(attachments_.size() - 1) + "}";
}

api::Message RequestWriter::Take() {
  std::string json = "{" + members_;
  if (has_sheets_) json += ",\"sheets\":{" + sheets_ + "}";
  if (!options_.empty()) json += ",\"options\":" + options_;
  if (!drawing_.empty()) json += ",\"drawing\":" + drawing_;
  return {json + "}", std::move(attachments_)};
}

Request MakeRequest(std::uint64_t seed) {
  Prng prng(seed);
  const bool calm = prng.Below(4) == 0;
  RequestMaker maker(prng, calm);
  std::string plan = maker.Plan();
  std::string inventory = maker.Inventory();
  std::string scenario = maker.Scenario();
  std::vector<std::string> sheets;
  for (std::uint64_t i = 0; i < 4; ++i)
    sheets.push_back(calm ? kSheets[i % 2] : Pick(prng, kSheets));
  if (maker.Mess(2)) {
    std::string* const documents[] = {&plan, &plan, &inventory, &scenario, &sheets[0]};
    for (std::uint64_t i = 0, n = 1 + maker.Below(3); i < n; ++i) {
      Break(prng, *documents[maker.Below(5)]);
    }
  }
  RequestWriter writer(maker.Chance(2));
  writer.Text("plan", plan);
  if (!maker.Mess(6)) writer.Text("inventory", std::move(inventory));
  if (calm || maker.Chance(2)) writer.Text("scenario", std::move(scenario));
  if (!maker.Chance(4)) {
    for (std::size_t i = 0; i < sheets.size(); ++i) {
      writer.Sheet("projects/p/sheets/" + std::to_string(i + 1), std::move(sheets[i]));
    }
  }
  writer.Options(maker.Options());
  const Names methods = {"validate", "validate", "expand",  "simulate",  "timeline",
                         "study",    "replay",   "outline", "render",    "convert",
                         "diff",     "study",    "compare", "semantics", "learn"};
  const std::string method = calm && !maker.Chance(4) ? "study" : Pick(prng, methods);
  if (method == "diff") {
    RequestMaker again(prng);  // other steps, targets and dependencies of the same ids
    writer.Other(maker.Chance(4) ? plan : again.Plan(), again.Inventory());
  }
  if (method == "render" && !maker.Chance(4)) writer.Drawing(maker.Drawing());
  if (method == "replay" || method == "compare" || method == "learn") {
    RequestWriter with_events = writer;
    std::string events = EventsOf(writer.Take());
    if (maker.Chance(2)) Break(prng, events);
    with_events.Text("events", std::move(events));
    if (method == "learn" && maker.Chance(2)) with_events.Table(maker.Table());
    return {method, with_events.Take()};
  }
  return {method, writer.Take()};
}

}  // namespace lockstep::parity
