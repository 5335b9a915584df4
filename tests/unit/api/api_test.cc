#include "core/api/api.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "core/base/json_writer.h"
#include "core/diagnostics/emitter.h"
#include "core/json/document.h"

namespace lockstep::api {
namespace {

constexpr const char* kPlan = R"({
  "steps": [{"title": "one", "specs": [
    {"id": "a", "changeDatabaseConfig": {"target": "instances/i/databases/hr",
      "sheet": "projects/p/sheets/1", "type": "MIGRATE"}},
    {"id": "b", "dependsOnSpecs": ["a"], "changeDatabaseConfig": {"target": "instances/i/databases/hr",
      "sheet": "projects/p/sheets/2", "type": "MIGRATE"}}
  ]}]
})";

std::string Request(std::string_view plan, std::string_view rest = "") {
  std::string request = base::JsonWriter().BeginObject().Member("plan", plan).EndObject().Take();
  request.pop_back();
  return request.append(rest).append("}");
}

std::string Validate(std::string_view request) {
  return Answer("validate", {std::string(request), {}}).json;
}
std::string Simulate(std::string_view request) {
  return Answer("simulate", {std::string(request), {}}).json;
}
std::string Replay(std::string_view request) {
  return Answer("replay", {std::string(request), {}}).json;
}

// Looks into an answer: fails the test when it is not JSON.
class Parsed {
 public:
  explicit Parsed(std::string text) {
    id_ = sources_.Add(diagnostics::Source("answer", std::move(text)));
    document_ = json::Document::Parse(id_, sources_[id_], {}, emitter_);
    EXPECT_TRUE(document_) << sources_[id_].text();
  }
  json::Value Get(std::string_view key) const {
    const auto value = document_->root().Find(key);
    EXPECT_TRUE(value) << key << " in " << sources_[id_].text();
    return *value;
  }
  bool Has(std::string_view key) const { return document_->root().Find(key).has_value(); }
  std::string text() const { return std::string(sources_[id_].text()); }

 private:
  diagnostics::Sources sources_;
  diagnostics::Emitter emitter_;
  diagnostics::SourceId id_;
  std::optional<json::Document> document_;
};

TEST(Api, ValidateFindsMistakesAtTheirPlaces) {
  const Parsed answer(Validate(Request(R"({"steps": [{"specs": [{"id": ""}]}]})")));
  EXPECT_NE(answer.text().find("\"pointer\":\"/steps/0/specs/0/id\""), std::string::npos)
      << answer.text();
}

TEST(Api, SheetsOfTheRequestAreChecked) {
  const std::string sheets = R"(, "sheets": {"projects/p/sheets/1": "SELECT 1;"})";
  const Parsed answer(Validate(Request(kPlan, sheets)));
  EXPECT_NE(answer.text().find("projects/p/sheets/2"), std::string::npos) << answer.text();
}

TEST(Api, RulesCanBeSwitchedOff) {
  const std::string plan = R"({"steps": []})";
  EXPECT_NE(Validate(Request(plan)), R"({"diagnostics":[]})");
  const Parsed first(Validate(Request(plan)));
  const std::string slug(
      first.Get("diagnostics").elements().begin().operator*().Find("slug")->AsString());
  const Parsed off(
      Validate(Request(plan, R"(, "options": {"rules": {")" + slug + R"(": "off"}})")));
  EXPECT_EQ(off.text().find(slug), std::string::npos) << off.text();
}

TEST(Api, SimulateGivesTheSchedule) {
  const std::string options = R"(, "options": {"now": "2026-11-22T01:00:00Z"})";
  const Parsed answer(Simulate(Request(kPlan, options)));
  const json::Value simulation = answer.Get("simulation");
  ASSERT_EQ(simulation.kind(), json::Kind::kObject) << answer.text();
  EXPECT_EQ(simulation.Find("status")->AsString(), "DONE");
  EXPECT_EQ(simulation.Find("start")->AsString(), "2026-11-22T01:00:00Z");
  EXPECT_EQ(simulation.Find("tasks")->size(), 2u);
  EXPECT_EQ(simulation.Find("criticalPath")->size(), 2u);
  EXPECT_GT(answer.Get("events").size(), 6u);
}

TEST(Api, DiffComparesWithAnotherPlan) {
  const auto diff = [](std::string_view rest) {
    return Parsed(Answer("diff", {Request(kPlan, rest), {}}).json);
  };
  std::string other = kPlan;
  other.replace(other.find("\"one\""), 5, "\"two\"");
  const std::string plan = base::JsonWriter().String(other).Take();
  const Parsed answer = diff(", \"other\": {\"plan\": " + plan + ", \"planName\": \"b.json\"}");
  EXPECT_EQ(answer.Get("otherDiagnostics").size(), answer.Get("diagnostics").size())
      << answer.text();
  const json::Value changes = *answer.Get("diff").Find("changes");
  ASSERT_EQ(changes.size(), 1u) << answer.text();
  const json::Value change = *changes.elements().begin();
  EXPECT_EQ(change.Find("what")->AsString(), "stepTitle");
  EXPECT_EQ(change.Find("b")->Find("file")->AsString(), "b.json");
  EXPECT_TRUE(diff(R"(, "other": {"plan": "{}"})").Get("diff").is_null());
}

TEST(Api, ADiffWithoutTwoPlansIsAnError) {
  const auto message = [](std::string_view rest) {
    const Parsed answer(Answer("diff", {Request(kPlan, rest), {}}).json);
    return std::string(answer.Get("error").Find("message")->AsString());
  };
  EXPECT_EQ(message(""), "the request has no \"other\"");
  EXPECT_EQ(message(R"(, "other": 1)"), "\"other\" must be an object");
  EXPECT_EQ(message(R"(, "other": {})"), "\"other\" has no \"plan\"");
  EXPECT_EQ(message(R"(, "other": {"plan": "{}", "events": ""})"), "\"other\" has no \"events\"");
}

TEST(Api, APlanWithErrorsHasNoSchedule) {
  const Parsed answer(Simulate(Request(R"({"steps": []})")));
  EXPECT_TRUE(answer.Get("simulation").is_null());
  EXPECT_GT(answer.Get("diagnostics").size(), 0u);
}

TEST(Api, ReplayFoldsTheEventsOfASimulation) {
  const Parsed simulated(Simulate(Request(kPlan)));
  std::string lines;
  for (const json::Value event : simulated.Get("events").elements()) {
    const diagnostics::Span span = event.span();
    lines += simulated.text().substr(span.begin, span.end - span.begin) + "\n";
  }
  const std::string events = base::JsonWriter().String(lines).Take();
  const Parsed replayed(Replay(Request(kPlan, ", \"events\": " + events)));
  ASSERT_EQ(replayed.Get("status").kind(), json::Kind::kObject) << replayed.text();
  EXPECT_EQ(replayed.Get("status").Find("status")->AsString(), "DONE");
}

TEST(Api, EventsThatContradictEachOtherAreAnError) {
  const std::string line =
      R"({\"sequence\":1,\"at\":\"2026-11-22T01:00:00Z\",\"type\":\"task_run_started\",)"
      R"(\"task\":\"projects/-/rollouts/-/stages/1/tasks/1\",\"attempt\":1})";
  const Parsed answer(Replay(Request(kPlan, ", \"events\": \"" + line + "\"")));
  EXPECT_TRUE(answer.Get("status").is_null());
  EXPECT_TRUE(answer.Has("error"));
}

TEST(Api, ReplayTakesTheNameAndTheUnfinishedLineOfARealRun) {
  const std::string line =
      R"({"sequence":1,"at":"2026-11-22T01:00:00Z","type":"rollout_started","runner":"h:1"})"
      "\n"
      R"({"sequence":2,"at":"2026-11-22T01:00:01Z","type":"stage_started",)"
      R"("stage":"projects/p/rollouts/7/stages/1"})"
      "\n"
      R"({"sequence":3,"at":"2026-11-22T01:00:01Z","ty)";
  const std::string events = base::JsonWriter().String(line).Take();
  const Parsed replayed(Replay(Request(kPlan, ", \"events\": " + events)));
  ASSERT_EQ(replayed.Get("status").kind(), json::Kind::kObject) << replayed.text();
  EXPECT_EQ(replayed.Get("status").Find("rollout")->AsString(), "projects/p/rollouts/7");
}

// Row `row` of a column of int32.
std::int32_t Int32(const Message& message, std::size_t attachment, std::size_t row) {
  std::int32_t value = 0;
  std::memcpy(&value, message.attachments.at(attachment).data() + row * sizeof value, sizeof value);
  return value;
}

TEST(Api, TimelineIsTheScheduleAsColumns) {
  const Message answer = Answer("timeline", {Request(kPlan), {}});
  const Parsed parsed(answer.json);
  const json::Value timeline = parsed.Get("timeline");
  const auto attachment = [&](const char* list, const char* column) {
    const json::Value value = *timeline.Find(list)->Find(column)->Find("attachment");
    return static_cast<std::size_t>(std::stoi(std::string(value.NumberText())));
  };
  const std::string& starts = answer.attachments.at(attachment("tasks", "start"));
  ASSERT_EQ(starts.size(), 2 * sizeof(double));
  double second_start = 0;
  std::memcpy(&second_start, starts.data() + sizeof(double), sizeof(double));
  EXPECT_EQ(second_start, 1000);
  EXPECT_EQ(Int32(answer, attachment("tasks", "spec"), 1), 1);
  EXPECT_EQ(Int32(answer, attachment("waits", "task"), 0), 1);
  EXPECT_EQ(Int32(answer, attachment("waits", "by"), 0), 0);
}

TEST(Api, TextsMayBeAttachments) {
  const std::string request =
      R"({"plan": {"attachment": 1}, "sheets": {"projects/p/sheets/1": {"attachment": 0}}})";
  const Message answer = Answer("validate", {request, {"SELECT 1;", kPlan}});
  EXPECT_NE(answer.json.find("projects/p/sheets/2"), std::string::npos) << answer.json;
  EXPECT_EQ(answer.json.find("\"error\":"), std::string::npos) << answer.json;
}

TEST(Api, ExpandNamesTheTasks) {
  const Parsed answer(Answer("expand", {Request(kPlan), {}}).json);
  EXPECT_NE(answer.text().find("\"projects/-/rollouts/-/stages/1/tasks/2\""), std::string::npos)
      << answer.text();
  EXPECT_NE(answer.text().find("\"dependsOnSpecs\":[\"a\"]"), std::string::npos) << answer.text();
}

TEST(Api, RenderTakesEveryFormat) {
  const auto render = [](std::string drawing) {
    return Answer("render", {Request(kPlan, ",\"drawing\":" + drawing), {}});
  };
  const std::pair<const char*, const char*> formats[] = {{"svg", "<svg"},
                                                         {"html", "<!doctype html>"},
                                                         {"lanes", "i/hr "},
                                                         {"mermaid", "\ngantt\n"},
                                                         {"trace", "\"traceEvents\":["}};
  for (const auto& [format, part] : formats) {
    const Message answer = render(R"({"format":")" + std::string(format) + "\"}");
    ASSERT_EQ(answer.attachments.size(), 1u) << answer.json;
    EXPECT_NE(answer.attachments[0].find(part), std::string::npos) << answer.attachments[0];
  }
  const std::pair<const char*, const char*> mistakes[] = {
      {R"({"format":"pdf"})", "drawing \\\"format\\\" has no such value"},
      {R"({"width":50})", "pixels from 280"},
      {R"({"width":20,"format":"lanes"})", "columns from 24"},
      {R"({"rows":0,"format":"lanes"})", "rows are a number from 1"},
      {R"({"view":"graph","format":"trace"})", "the graph is drawn as svg or html"}};
  for (const auto& [drawing, message] : mistakes) {
    const Message answer = render(drawing);
    EXPECT_TRUE(answer.attachments.empty());
    EXPECT_NE(answer.json.find(message), std::string::npos) << answer.json;
  }
}

TEST(Api, ABadRequestIsAnErrorNotACrash) {
  for (const char* request :
       {"", "[]", "{", "{}", R"({"plan": 1})", R"({"plan": "{}", "options": 3})",
        R"({"plan": "{}", "options": {"semantics": "mine"}})",
        R"({"plan": "{}", "options": {"rules": {"no-such-rule": "off"}}})",
        R"({"plan": "{}", "options": {"unknown": 1}})", R"({"plan": "{}", "sheets": []})",
        R"({"plna": "{}"})", R"({"plan": {"attachment": 0}})", R"({"plan": {"attachment": -1}})",
        R"({"plan": {}})"}) {
    const Parsed answer(Validate(request));
    EXPECT_TRUE(answer.Has("error")) << request;
  }
}

TEST(Api, VersionIsASemanticVersion) {
  const std::string answer = Answer("version", {}).json;
  EXPECT_EQ(answer.rfind("{\"version\":\"0.", 0), 0u) << answer;
}

TEST(Api, ConvertAnswersThePlanAsAnAttachmentAndTheLosses) {
  const Message message = Answer("convert", {Request(kPlan), {}});
  const Parsed answer(message.json);
  ASSERT_EQ(message.attachments.size(), 1u);
  EXPECT_EQ(message.attachments[0].rfind("{\n  \"specs\": [", 0), 0u) << message.attachments[0];
  EXPECT_NE(answer.text().find("\"pointer\":\"/steps/0/specs/1/dependsOnSpecs\""),
            std::string::npos);
  const Message same = Answer("convert", {Request(kPlan, ",\"to\":\"steps\""), {}});
  EXPECT_NE(same.attachments.at(0).find("\"dependsOnSpecs\""), std::string::npos);
  EXPECT_TRUE(Parsed(Answer("convert", {Request(kPlan, ",\"to\":\"x\""), {}}).json).Has("error"));
  const Parsed broken(Answer("convert", {Request("{\"steps\": []}"), {}}).json);
  EXPECT_EQ(broken.Get("plan").kind(), json::Kind::kNull);
  EXPECT_EQ(broken.Get("losses").size(), 0u);
}

TEST(Api, ConvertTellsWhatLenientReadingPassedOver) {
  const std::string plan = R"({"steps": [{"specs": [{"id": "a", "sheat": 1, "changeDatabaseConfig":
    {"target": "instances/i/databases/hr", "sheet": "projects/p/sheets/1", "type": "MIGRATE"}}]}]})";
  const Message message =
      Answer("convert", {Request(plan, ",\"options\":{\"lenient\":true,\"merge\":true}"), {}});
  const Parsed answer(message.json);
  ASSERT_EQ(answer.Get("losses").size(), 1u) << message.json;
  EXPECT_NE(message.json.find("\"pointer\":\"/steps/0/specs/0/sheat\",\"range\""),
            std::string::npos)
      << message.json;
}

TEST(Api, ImportAnswersPlanSheetsAndNotices) {
  const std::string request =
      R"({"tool":"dbmate","engine":"sqlite","project":"p","targets":["instances/i/databases/hr"],
          "files":{"2_b.sql":{"attachment":0},"1_a.sql":"-- migrate:up\nSELECT 1;","x.sql":""}})";
  const Message message = Answer("import", {request, {"-- migrate:up\nSELECT 2;"}});
  const Parsed answer(message.json);
  ASSERT_EQ(message.attachments.size(), 4u) << message.json;
  EXPECT_NE(message.attachments[0].find("projects/p/sheets/102"), std::string::npos);
  EXPECT_EQ(message.attachments[1], "SELECT 1;");
  EXPECT_EQ(message.attachments[2], "SELECT 2;");
  EXPECT_NE(message.attachments[3].find("SQLITE"), std::string::npos);
  EXPECT_TRUE(answer.Get("sheets").Find("102-b.sql"));
  EXPECT_EQ(answer.Get("notices").size(), 1u);
  EXPECT_EQ(answer.Get("errors").size(), 0u);
}

TEST(Api, ImportRefusesWhatItDoesNotKnow) {
  const auto import = [](const std::string& request) {
    return Answer("import", {request, {}}).json;
  };
  EXPECT_NE(import(R"({"tool":"x"})").find("there is no tool"), std::string::npos);
  EXPECT_NE(import(R"({"files":{}})").find("has no \\\"tool\\\""), std::string::npos);
  EXPECT_NE(import(R"({"tool":"goose","targets":[1]})").find("array of strings"),
            std::string::npos);
  EXPECT_NE(import(R"({"tool":"goose","engine":"pstgres"})").find("did you mean"),
            std::string::npos);
  const Parsed broken(
      import(R"({"tool":"goose","inventory":"{","targets":["instances/i/databases/d"]})"));
  EXPECT_EQ(broken.Get("diagnostics").size(), 1u);
  EXPECT_EQ(broken.Get("plan").kind(), json::Kind::kNull);
}

}  // namespace
}  // namespace lockstep::api
