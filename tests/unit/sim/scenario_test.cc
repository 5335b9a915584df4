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

TEST(Scenario, DurationsAsDistributions) {
  Decoded decoded(R"({"deadline": "4h", "maximumConnections": {"instances/prod": 3}, "durations": {
    "default": {"p95": "2m", "p50": "30s"},
    "classes": {"DDL": "2s", "DML": {"small": 1, "large": ["5m", "7m"]}},
    "specs": {"create-users": ["9s", "3s"], "fill-users": {"instances/prod": {"p10": "1s", "p90": "9s"}}},
    "connect": {"default": "40ms", "targets": {"instances/prod": "90ms"}}}})");
  EXPECT_EQ(decoded.Findings(), Strings{});
  const Scenario& scenario = *decoded.scenario;
  EXPECT_EQ(scenario.deadline, base::Seconds(4 * 3600));
  EXPECT_EQ(scenario.maximum_connections.at("instances/prod"), 3u);
  EXPECT_EQ(scenario.default_duration,
            Distribution::OfPercentiles({{50, base::Seconds(30)}, {95, base::Seconds(120)}}));
  ASSERT_EQ(scenario.class_durations.size(), 3u);
  EXPECT_EQ(scenario.class_durations[0].statement_class, "DDL");
  EXPECT_FALSE(scenario.class_durations[0].size);
  EXPECT_EQ(scenario.class_durations[1].size, SheetSize::kSmall);
  EXPECT_EQ(scenario.class_durations[2].size, SheetSize::kLarge);
  EXPECT_EQ(scenario.class_durations[2].duration,
            Distribution::OfSamples({base::Seconds(300), base::Seconds(420)}));
  ASSERT_EQ(scenario.durations.size(), 2u);
  EXPECT_EQ(scenario.durations[0].duration,
            Distribution::OfSamples({base::Seconds(3), base::Seconds(9)}));
  EXPECT_EQ(scenario.durations[1].selector.target, "instances/prod");
  EXPECT_FALSE(scenario.durations[1].duration.is_constant());
  ASSERT_EQ(scenario.connects.size(), 2u);
  EXPECT_EQ(scenario.connects[0].selector.target, "");
  EXPECT_EQ(scenario.connects[0].cost, base::Milliseconds(40));
  EXPECT_EQ(scenario.connects[1].selector.target, "instances/prod");
}

TEST(Scenario, WhatGoesWrong) {
  Decoded decoded(R"({
    "failures": [{"spec": "a", "attempts": "always", "probability": "5%"},
                 {"spec": "b", "probability": 0.25}],
    "delays": [{"target": "instances/prod", "by": "5m"}],
    "locks": [{"spec": "a", "from": "10m", "to": "20m", "timeout": "30s"},
              {"target": "instances/prod", "to": 7}],
    "outages": [{"instance": "instances/prod", "from": "1h", "to": "2h"}]})");
  EXPECT_EQ(decoded.Findings(), Strings{});
  const Scenario& scenario = *decoded.scenario;
  EXPECT_TRUE(IsDisturbed(scenario));
  EXPECT_EQ(scenario.failures[0].attempts, Scenario::kAlways);
  EXPECT_EQ(scenario.failures[0].probability, 50'000u);
  EXPECT_EQ(scenario.failures[1].probability, 250'000u);
  EXPECT_EQ(scenario.delays[0].by, base::Seconds(300));
  EXPECT_EQ(scenario.locks[0].from, base::Seconds(600));
  EXPECT_EQ(scenario.locks[0].timeout, base::Seconds(30));
  EXPECT_EQ(scenario.locks[1].from, base::Seconds(0));
  EXPECT_EQ(scenario.locks[1].to, base::Seconds(7));
  EXPECT_EQ(scenario.locks[1].timeout.ms, -1);
  EXPECT_EQ(scenario.outages[0].instance, "instances/prod");
  EXPECT_EQ(scenario.outages[0].to, base::Seconds(7200));
  const Scenario calm = Undisturbed(scenario);
  EXPECT_FALSE(IsDisturbed(calm));
  EXPECT_TRUE(calm.failures.empty() && calm.locks.empty() && calm.outages.empty());
}

TEST(Scenario, WrongDistributions) {
  Decoded decoded(R"({"durations": {"default": {"p50": "30s", "p95": "9s"},
    "classes": {"DLM": "1s", "XYZ": "2s", "DDL": {"huge": "1s"}, "DML": {"small": "soon"}},
    "specs": {"a": [], "b": ["1s", "late"], "c": {"p50": "1s", "p101": "2s"}, "d": {"p50": "soon"}},
    "connect": {"default": "slow"}}})");
  EXPECT_EQ(decoded.Findings(),
            (Strings{"invalid-duration at {\"p50\": \"30s\", \"p95\": \"9s\"}",
                     "scenario-selector at \"DLM\"", "scenario-selector at \"XYZ\"",
                     "scenario-selector at \"huge\"", "invalid-duration at \"soon\"",
                     "invalid-duration at []", "invalid-duration at \"late\"",
                     "invalid-duration at \"p101\"", "invalid-duration at \"soon\"",
                     "invalid-duration at \"slow\""}));
  EXPECT_EQ(decoded.taken[0].message, "p95 is shorter than p50; percentiles do not get shorter");
  EXPECT_EQ(decoded.taken[1].message, "\"DLM\" is no class of statements; did you mean \"DML\"?");
  EXPECT_EQ(decoded.taken[2].message,
            "\"XYZ\" is no class of statements; there are DDL, DML, QUERY, SESSION, OTHER");
}

TEST(Scenario, WrongDisturbances) {
  Decoded decoded(R"({
    "failures": [{"spec": "a", "probability": "150%"}, {"spec": "a", "attempts": "often"}],
    "delays": [{"spec": "a"}, {"by": "1s"}, {"spec": "a", "by": -1}],
    "locks": [{"spec": "b", "from": "9s", "to": "3s"}, {"spec": "c"}, {"to": "1s"}],
    "outages": [{"from": "1s", "to": "2s"}, {"instance": "i", "from": "2s", "to": "2s"}],
    "deadline": "soon", "maximumConnections": {"i": 0}})");
  EXPECT_EQ(
      decoded.Findings(),
      (Strings{"invalid-probability at \"150%\"", "wrong-type at \"often\"",
               "invalid-duration at {\"spec\": \"a\"}", "scenario-selector at {\"by\": \"1s\"}",
               "invalid-duration at -1",
               "invalid-duration at {\"spec\": \"b\", \"from\": \"9s\", \"to\": \"3s\"}",
               "invalid-duration at {\"spec\": \"c\"}", "scenario-selector at {\"to\": \"1s\"}",
               "scenario-selector at {\"from\": \"1s\", \"to\": \"2s\"}",
               "invalid-duration at {\"instance\": \"i\", \"from\": \"2s\", \"to\": \"2s\"}",
               "invalid-duration at \"soon\"", "invalid-number at 0"}));
}

TEST(Scenario, ListsThatAreNone) {
  Decoded decoded(
      R"({"failures": 1, "delays": {}, "locks": "x", "outages": true, "commands": null})");
  EXPECT_EQ(decoded.Findings(), (Strings{"wrong-type at 1", "wrong-type at {}",
                                         "wrong-type at \"x\"", "wrong-type at true"}));
  Decoded elements(R"({"delays": [1, null], "locks": [[], null, {"spec": "a", "to": 1}]})");
  EXPECT_EQ(elements.Findings(), (Strings{"wrong-type at 1", "null-element at null",
                                          "wrong-type at []", "null-element at null"}));
}

TEST(Scenario, InstancesMustBeThoseOfTheRollout) {
  const rollout::Rollout rollout = SmallRollout();
  Decoded decoded(R"({"outages": [{"instance": "instances/prodd", "to": "1s"}],
    "maximumConnections": {"instances/prod/databases/hr": 1},
    "durations": {"connect": {"targets": {"instances/x": "1s", "instances/prod/databases/hr": "1s"}}},
    "locks": [{"target": "instances/pro", "to": "1s"}], "delays": [{"spec": "fill-user", "by": 1}]})",
                  &rollout);
  EXPECT_EQ(decoded.Findings(), (Strings{"scenario-selector at \"instances/prodd\"",
                                         "scenario-selector at \"instances/prod/databases/hr\"",
                                         "scenario-selector at \"instances/x\"",
                                         "scenario-selector at \"instances/pro\"",
                                         "scenario-selector at \"fill-user\""}));
  EXPECT_EQ(decoded.taken[0].message,
            "no task of the rollout is on the instance \"instances/prodd\"; did you mean "
            "\"instances/prod\"?");
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
