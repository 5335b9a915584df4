#include "core/sim/scenario.h"

#include "core/sim/scenario_fields.h"
#include "tests/unit/schema_comparison.h"

namespace lockstep::sim {
namespace {

struct Decoded : ParsedText {
  explicit Decoded(std::string text, const rollout::Rollout* rollout = nullptr)
      : ParsedText(std::move(text)) {
    scenario = DecodeScenario(*document, rollout, emitter);
  }
  std::optional<Scenario> scenario;
};

rollout::Rollout SmallRollout() {
  rollout::Rollout rollout;
  rollout.spec_ids = {"create-users", "fill-users"};
  rollout.instances.push_back({"instances/prod", 10});
  rollout.databases.push_back({"instances/prod/databases/hr", rollout::InstanceIndex(0)});
  return rollout;
}

TEST(Scenario, TheExampleReads) {
  Decoded decoded(
      R"({"start": "2026-11-22T01:00:00Z", "parallel": 4, "canary": 2, "maxFailures": "3%", "seed": "7",
    "durations": {"default": "30s", "specs": {"create-users": "2m", "fill-users": {"instances/prod/databases/hr": "7s"}},
                  "targets": {"instances/prod/databases/hr": 5}},
    "failures": [{"spec": "create-users", "target": "instances/prod/databases/hr", "attempts": 2, "after": "500ms", "message": "no"},
                 {"target": "instances/prod"}],
    "commands": [{"at": "10m", "retry": ["create-users"], "reason": "fixed"},
                 {"at": 0, "skip": [{"spec": "fill-users", "target": "instances/prod/databases/hr"}]}]})");
  EXPECT_TRUE(decoded.Findings().empty());
  const Scenario& scenario = *decoded.scenario;
  EXPECT_EQ(base::FormatInstant(*scenario.start), "2026-11-22T01:00:00Z");
  EXPECT_EQ(scenario.pace.parallel, 4u);
  EXPECT_EQ(scenario.pace.canary, 2u);
  EXPECT_EQ(scenario.pace.max_failures, (rollout::FailureLimit{3, true}));
  EXPECT_EQ(scenario.seed, 7u);
  EXPECT_EQ(scenario.default_duration, base::Seconds(30));
  ASSERT_EQ(scenario.durations.size(), 3u);
  EXPECT_EQ(scenario.durations[0].selector.spec, "create-users");
  EXPECT_EQ(scenario.durations[0].selector.target, "");
  EXPECT_EQ(scenario.durations[0].duration, base::Seconds(120));
  EXPECT_EQ(scenario.durations[1].selector.spec, "fill-users");
  EXPECT_EQ(scenario.durations[1].selector.target, "instances/prod/databases/hr");
  EXPECT_EQ(scenario.durations[2].selector.spec, "");
  EXPECT_EQ(scenario.durations[2].duration, base::Seconds(5));
  ASSERT_EQ(scenario.failures.size(), 2u);
  EXPECT_EQ(scenario.failures[0].attempts, 2u);
  EXPECT_EQ(scenario.failures[0].after, base::Milliseconds(500));
  EXPECT_EQ(scenario.failures[1].attempts, 1u);
  EXPECT_EQ(scenario.failures[1].after.ms, -1);
  ASSERT_EQ(scenario.commands.size(), 2u);
  EXPECT_EQ(scenario.commands[0].at, base::Seconds(600));
  EXPECT_EQ(scenario.commands[0].kind, Scenario::Command::Kind::kRetry);
  EXPECT_EQ(scenario.commands[0].tasks[0].spec, "create-users");
  EXPECT_EQ(scenario.commands[1].kind, Scenario::Command::Kind::kSkip);
  EXPECT_EQ(scenario.commands[1].tasks[0].target, "instances/prod/databases/hr");
}

TEST(Scenario, AnEmptyOneHasDefaults) {
  Decoded decoded("{}");
  EXPECT_TRUE(decoded.Findings().empty());
  EXPECT_FALSE(decoded.scenario->start);
  EXPECT_FALSE(decoded.scenario->pace.parallel);
  EXPECT_EQ(decoded.scenario->default_duration.Median(), base::Seconds(1));
}

TEST(Scenario, LengthsOfTime) {
  Decoded decoded(R"({"durations": {"default": "soon", "specs": {"a": -1, "b": true, "c": null},
    "targets": {"x": "1e3", "y": {"z": "1s"}}}})");
  EXPECT_EQ(decoded.Findings(),
            (Strings{"invalid-duration at \"soon\"", "invalid-duration at -1",
                     "invalid-duration at true", "null-element at null",
                     "invalid-duration at \"1e3\"", "invalid-duration at {\"z\": \"1s\"}"}));
}

TEST(Scenario, SelectorsMustFitTheRollout) {
  const rollout::Rollout rollout = SmallRollout();
  Decoded decoded(
      R"({"durations": {"specs": {"create-user": "1s", "fill-users": {"instances/prod/databases/hrr": 1}},
                                    "targets": {"instances/prod": "1s"}},
    "failures": [{"spec": "x"}, {}], "commands": [{"at": "1s", "skip": ["fill-users", "y", {"target": "z"}]}]})",
      &rollout);
  EXPECT_EQ(decoded.Findings(),
            (Strings{"scenario-selector at \"create-user\"",
                     "scenario-selector at \"instances/prod/databases/hrr\"",
                     "scenario-selector at \"x\"", "scenario-selector at {}",
                     "scenario-selector at \"y\"", "scenario-selector at \"z\""}));
  EXPECT_EQ(decoded.taken[0].message,
            "no spec of the plan has the id \"create-user\"; did you mean \"create-users\"?");
}

TEST(Scenario, CommandsSayWhatAndWhen) {
  Decoded decoded(
      R"({"commands": [{"retry": ["a"]}, {"at": "1s"}, {"at": "1s", "skip": ["a"], "cancel": ["a"]},
                                   {"at": "1s", "skip": []}, {"at": "1s", "cancel": [7, {}]}]})");
  EXPECT_EQ(
      decoded.Findings(),
      (Strings{"scenario-command at {\"retry\": [\"a\"]}", "scenario-command at {\"at\": \"1s\"}",
               "scenario-command at {\"at\": \"1s\", \"skip\": [\"a\"], \"cancel\": [\"a\"]}",
               "scenario-command at {\"at\": \"1s\", \"skip\": []}", "wrong-type at 7",
               "scenario-selector at {}"}));
}

TEST(Scenario, ShapeProblems) {
  Decoded decoded(
      R"({"start": "now", "parallel": -1, "sed": 1, "failures": [{"attempts": 0, "spec": "a"}]})");
  EXPECT_EQ(decoded.Findings(), (Strings{"invalid-timestamp at \"now\"", "invalid-number at -1",
                                         "unknown-field at \"sed\"", "invalid-number at 0"}));
  Decoded list("[]");
  EXPECT_EQ(list.Findings(), Strings{"not-a-scenario at ["});
  EXPECT_FALSE(list.scenario);
}

TEST(ScenarioSchema, HasTheFieldsThatDecodeReads) {
  ExpectTablesMatchSchema(ScenarioFieldTables(), "schemas/scenario.schema.json",
                          {{"the scenario", ""},
                           {"durations", "durations"},
                           {"a selector", "selector"},
                           {"a failure", "failure"},
                           {"a delay", "delay"},
                           {"a command", "command"},
                           {"connect", "connect"},
                           {"a lock", "lock"},
                           {"an outage", "outage"}},
                          {"duration", "distribution", "percentiles"});
}

}  // namespace
}  // namespace lockstep::sim
