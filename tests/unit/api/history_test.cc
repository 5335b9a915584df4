// What Answer says of a real run, from its events.
#include <gtest/gtest.h>

#include "core/api/api.h"
#include "core/base/json_writer.h"

namespace lockstep::api {
namespace {

constexpr const char* kShortPlan = R"({"steps": [{"specs": [
  {"id": "a", "changeDatabaseConfig": {"target": "instances/i/databases/hr",
    "sheet": "projects/p/sheets/1", "type": "MIGRATE"}}]}]})";

/// One task that took 9 seconds, created `created` seconds after the start.
std::string Events(int created = 0) {
  const std::string task = R"("task":"projects/p/rollouts/1/stages/1/tasks/1","attempt":1)";
  const auto line = [](int sequence, int second, const std::string& rest) {
    return R"({"sequence":)" + std::to_string(sequence) + R"(,"at":"2026-11-22T01:00:0)" +
           std::to_string(second) + R"(Z","type":")" + rest + "}\n";
  };
  return line(1, 0, R"(rollout_started","runner":"r")") +
         line(2, 0, R"(stage_started","stage":"projects/p/rollouts/1/stages/1")") +
         line(3, created, R"(task_run_created",)" + task) +
         line(4, created, R"(task_run_started",)" + task) +
         line(5, 9, R"(task_run_ended",)" + task + R"(,"outcome":"succeeded")");
}

Message Ask(std::string_view method, const std::string& events, std::string_view scenario = "{}",
            std::string_view plan = kShortPlan) {
  base::JsonWriter request;
  request.BeginObject().Member("plan", plan).Member("events", events);
  request.Member("scenario", scenario).EndObject();
  return Answer(method, {request.Take(), {}});
}

TEST(History, CompareSaysHowItWentAgainstTheSimulation) {
  const Message answer = Ask("compare", Events());
  EXPECT_NE(
      answer.json.find(R"("simulated":{"start":0,"end":1000},"actual":{"start":0,"end":9000})"),
      std::string::npos)
      << answer.json;
  ASSERT_EQ(answer.attachments.size(), 1u);
  EXPECT_NE(answer.attachments[0].find("took 9 s, 8 s longer"), std::string::npos)
      << answer.attachments[0];
  EXPECT_NE(answer.attachments[0].find("as the rules give it"), std::string::npos);
}

TEST(History, CompareAssumesWhatTheScenarioSays) {
  const Message answer = Ask("compare", Events(), R"({"durations": {"default": "9s"}})");
  EXPECT_EQ(answer.attachments.at(0).find("longer"), std::string::npos) << answer.attachments[0];
}

TEST(History, LearntDurationsAreAScenarioInWhichNothingDiffers) {
  const Message learnt = Ask("learn", Events());
  ASSERT_EQ(learnt.attachments.size(), 1u) << learnt.json;
  EXPECT_NE(learnt.json.find(R"("runs":1)"), std::string::npos);
  const Message answer = Ask("compare", Events(), learnt.attachments[0]);
  EXPECT_EQ(answer.json.find(R"("severity":"error")"), std::string::npos) << answer.json;
  EXPECT_EQ(answer.attachments.at(0).find("longer"), std::string::npos) << answer.attachments[0];
}

constexpr const char* kWidePlan = R"({"specs": [{"id": "a", "changeDatabaseConfig": {
  "targets": ["instances/i/databases/hr", "instances/i/databases/crm"],
  "sheet": "projects/p/sheets/1", "type": "MIGRATE"}}]})";

/// The events of a run of kWidePlan with these options, as NDJSON.
std::string EventsWith(std::string_view options) {
  base::JsonWriter request;
  request.BeginObject().Member("plan", kWidePlan).Key("options").Raw(options).EndObject();
  const std::string answer = Answer("simulate", {request.Take(), {}}).json;
  constexpr std::string_view kBegin = R"("events":[)", kNext = R"(},{"sequence")";
  std::string events = answer.substr(answer.find(kBegin) + kBegin.size());
  for (std::size_t at = 0; (at = events.find(kNext, at)) != std::string::npos;)
    events[at + 1] = '\n';
  return events.substr(0, events.rfind("]}")) + "\n";
}

TEST(History, ARunWentAtTheBoldnessThatItsEventsTell) {
  const auto order = [](const std::string& events, std::string_view scenario) {
    const std::string answer = Ask("compare", events, scenario, kWidePlan).json;
    const std::size_t at = answer.find(R"("order":)");
    return answer.substr(at, answer.find('}', at) - at);
  };
  const std::string follows = R"("order":{"follows":true)";
  for (const char* options : {R"({"parallel":1})", R"({"canary":1,"maxFailures":"0"})", "{}"}) {
    const std::string events = EventsWith(options);
    for (const char* scenario :
         {"{}", R"({"parallel":1})", R"({"maximumConnections":{"instances/i":1}})"})
      EXPECT_TRUE(order(events, scenario).starts_with(follows))
          << options << scenario << order(events, scenario);
  }
  // An older one does not tell it: then it is as assumed.
  std::string older = EventsWith(R"({"parallel":1})");
  const std::string policy = R"(,"policy":{"parallel":1})";
  ASSERT_NE(older.find(policy), std::string::npos) << older;
  older.erase(older.find(policy), policy.size());
  EXPECT_FALSE(order(older, "{}").starts_with(follows));
  EXPECT_TRUE(order(older, R"({"parallel":1})").starts_with(follows));
}

TEST(History, DurationsAreLearntFromATableToo) {
  const auto learn = [](std::string_view events, std::string_view table) {
    base::JsonWriter request;
    request.BeginObject().Member("plan", kShortPlan).Key("table").Raw(table);
    return Answer("learn", {request.Member("events", events).EndObject().Take(), {}});
  };
  const Message answer = learn("", R"([["duration", "spec"], ["90s", "a"], [""]])");
  EXPECT_NE(answer.json.find(R"("runs":1)"), std::string::npos) << answer.json;
  EXPECT_NE(answer.attachments.at(0).find("90000ms"), std::string::npos)
      << answer.attachments.at(0);
  EXPECT_NE(learn(Events(), R"([["duration"], ["90s"]])").json.find(R"("runs":2)"),
            std::string::npos);
  const Message wrong = learn("", R"([["duration"], ["soon"]])");
  EXPECT_TRUE(wrong.attachments.empty());
  EXPECT_NE(wrong.json.find(R"("error":{"message":"line 2, duration: )"), std::string::npos);
  for (const char* table : {"1", "[1]", "[[1]]", R"({"a":[]})"})
    EXPECT_EQ(learn("", table).json,
              R"({"error":{"message":"\"table\" must be an array of arrays of strings"}})");
}

TEST(History, WithoutARunThereIsNothingToSay) {
  for (const char* method : {"compare", "learn"}) {
    const Message none = Ask(method, "");
    EXPECT_TRUE(none.attachments.empty()) << none.json;
    EXPECT_EQ(none.json.find("error"), std::string::npos) << none.json;
    const Message wrong = Ask(method, "{}\n");
    EXPECT_NE(wrong.json.find(R"("error":{"message":"line 1: )"), std::string::npos) << wrong.json;
    const Message broken = Ask(method, Events(), "{}", "{");
    EXPECT_TRUE(broken.attachments.empty());
    EXPECT_EQ(broken.json.find(R"("error":{)"), std::string::npos) << broken.json;
  }
}

TEST(History, TheOtherSemanticsAreAnsweredInWordsToo) {
  const Message answer = Ask("semantics", "");
  EXPECT_NE(answer.json.find(R"("semantics":"documented","other":"bytebase-3.4")"),
            std::string::npos)
      << answer.json;
  EXPECT_NE(answer.attachments.at(0).find("no task starts at another time"), std::string::npos);
  EXPECT_TRUE(Ask("semantics", "", "{}", "{").attachments.empty());
}

}  // namespace
}  // namespace lockstep::api
