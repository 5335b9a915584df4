#include "core/api/plan_diff.h"

#include <gtest/gtest.h>

#include "core/api/movers.h"
#include "tests/unit/api/diff_fixture.h"

namespace lockstep::api {
namespace {

constexpr const char* kTwoStages = R"({
  "environments": [{"name": "environments/test"}, {"name": "environments/prod"}],
  "instances": [
    {"name": "instances/t", "engine": "POSTGRES", "environment": "environments/test",
     "dataSources": [{"type": "ADMIN", "host": "t.example.com"}],
     "databases": [{"name": "instances/t/databases/hr"}, {"name": "instances/t/databases/crm"}]},
    {"name": "instances/p", "engine": "POSTGRES", "environment": "environments/prod",
     "databases": [{"name": "instances/p/databases/hr"}]}
  ],
  "databaseGroups": [{"name": "projects/p/databaseGroups/g",
                      "databaseExpr": {"expression": "resource.database_name == \"hr\""}}]
})";

const Sheets kSheets = {{"1", "CREATE TABLE t (a int);\nCREATE TABLE u (a int);\n"},
                        {"2", "UPDATE t SET a = 1;\n"},
                        {"3", "UPDATE t SET a = 1;\n"}};

/// `spec` stands for the config of the spec "b".
std::string Plan(const std::string& config, const std::string& fields = "") {
  return R"({"title": "one", "steps": [{"title": "Test", "specs": [
    {"id": "a", "changeDatabaseConfig": {"target": "instances/t/databases/hr",
      "sheet": "projects/p/sheets/1", "type": "MIGRATE"}},
    {"id": "b", "dependsOnSpecs": ["a"],)" +
         fields + R"( "changeDatabaseConfig": {)" + config + R"(}}]}]})";
}
const std::string kTarget = R"("target": "instances/t/databases/hr",)";
const std::string kConfig = kTarget + R"("sheet": "projects/p/sheets/2", "type": "DATA")";

/// Flat and older plans of the spec ids, with a target each.
std::string Steps(const std::vector<std::pair<std::string, std::string>>& steps) {
  std::string text;
  for (const auto& [title, ids] : steps) {
    std::string specs;
    for (const char id : ids) {
      specs +=
          (specs.empty() ? "" : ",") + std::string(R"({"id": ")") + id +
          R"(", "changeDatabaseConfig": {"target": "instances/t/databases/hr", "sheet": "projects/p/sheets/)" +
          std::to_string(100 + id) + R"(", "type": "DATA"}})";
    }
    text += (text.empty() ? "" : ",") + std::string(R"({"title": ")") + title + R"(", "specs": [)" +
            specs + "]}";
  }
  return R"({"steps": [)" + text + "]}";
}

PlanDiff Diff(const Documents& a, const Documents& b) {
  const Simulated first(a), second(b);
  return first.ok() && second.ok() ? DiffPlans(first.side(), second.side()) : PlanDiff();
}
Lines Messages(const Documents& a, const Documents& b) {
  return MessagesOf(Diff(a, b));
}
Lines Messages(const std::string& a, const std::string& b) {
  return Messages({a, kTwoStages, kSheets}, {b, kTwoStages, kSheets});
}
Lines StepMessages(const std::vector<std::pair<std::string, std::string>>& a,
                   const std::vector<std::pair<std::string, std::string>>& b) {
  return Messages({Steps(a), "", {}}, {Steps(b), "", {}});
}

// ---- what is no difference ----

TEST(PlanDiff, HowAPlanIsWrittenIsNoDifference) {
  const std::string other = R"({ // the same
    "steps": [{"specs": [
      {"change_database_config": {"type": 2, "sheet": "projects/p/sheets/1",
        "target": "instances/t/databases/hr", "schema_version": null}, "id": "a"},
      {"id": "b", "depends_on_specs": ["a", "a"], "change_database_config": {"type": "DATA",
        "sheet": "projects/p/sheets/2", "target": "instances/t/databases/hr"}},
    ], "title": "Test"}], "title": "one"})";
  const PlanDiff diff = Diff({Plan(kConfig), kTwoStages, kSheets}, {other, kTwoStages, kSheets});
  EXPECT_EQ(MessagesOf(diff), Lines());
  EXPECT_TRUE(diff.empty());
  EXPECT_TRUE(diff.schedule.tasks.empty());
  EXPECT_TRUE(diff.schedule.turns.empty());
  EXPECT_FALSE(diff.schedule.critical_path_differs);
}

TEST(PlanDiff, TheFormIsNoDifferenceWhereItMeansTheSame) {
  const std::string older = R"({"steps": [{"title": "Test", "specs": [
    {"id": "a", "changeDatabaseConfig": {"target": "instances/t/databases/hr", "sheet": "projects/p/sheets/2",
      "type": "MIGRATE", "preUpdateBackupDetail": {"database": "instances/t/databases/bbdataarchive"}}}]}]})";
  const std::string flat = R"({"specs": [
    {"id": "a", "changeDatabaseConfig": {"targets": ["instances/t/databases/hr"], "sheet": "projects/p/sheets/2",
      "enablePriorBackup": true}}]})";
  EXPECT_EQ(Messages(older, flat), Lines());
}

// ---- fields ----

TEST(PlanDiff, FieldsOfThePlan) {
  std::string other = Plan(kConfig);
  other.replace(other.find("\"one\""), 5, "\"two\", \"description\": \"why\"");
  EXPECT_EQ(Messages(Plan(kConfig), other),
            (Lines{R"(title is "two", was "one")", R"(description set to "why")"}));
}

TEST(PlanDiff, FieldsOfASpec) {
  const std::string other = Plan(kTarget + R"("sheet": "projects/p/sheets/2", "type": "MIGRATE",
      "schemaVersion": "1.2", "preUpdateBackupDetail": {"database": "instances/t/databases/keep"})",
                                 R"("earliestAllowedTime": "2026-11-22T01:00:00Z",)");
  EXPECT_EQ(Messages(Plan(kConfig), other),
            (Lines{R"(spec "b": earliestAllowedTime set to "2026-11-22T01:00:00Z")",
                   R"(spec "b": type is "MIGRATE", was "DATA")",
                   R"(spec "b": schemaVersion set to "1.2")",
                   R"(spec "b": preUpdateBackupDetail set to "instances/t/databases/keep")"}));
  EXPECT_EQ(Messages(other, Plan(kConfig))[0],
            R"(spec "b": earliestAllowedTime taken away, was "2026-11-22T01:00:00Z")");
}

TEST(PlanDiff, GhostFlagsOneByOne) {
  const auto plan = [](const std::string& flags) {
    return R"({"steps": [{"specs": [{"id": "a", "changeDatabaseConfig": {"target": "instances/m/databases/d",
      "sheet": "projects/p/sheets/1", "type": "MIGRATE_GHOST", "ghostFlags": {)" +
           flags + "}}}]}]}";
  };
  const Lines messages =
      Messages({plan(R"("max-load": "Threads_running=20", "chunk-size": "10")"), "", {}},
               {plan(R"("nice-ratio": "1", "chunk-size": "20")"), "", {}});
  EXPECT_EQ(messages,
            (Lines{R"(spec "a": ghostFlags.chunk-size is "20", was "10")",
                   R"(spec "a": ghostFlags.max-load taken away, was "Threads_running=20")",
                   R"(spec "a": ghostFlags.nice-ratio set to "1")"}));
}

TEST(PlanDiff, DatabasesToBeMade) {
  const auto plan = [](const std::string& rest) {
    return R"({"steps": [{"specs": [{"id": "a", "createDatabaseConfig": {"target": "instances/t", "owner": "o",)" +
           rest + "}}]}]}";
  };
  EXPECT_EQ(
      Messages(
          plan(R"("database": "x", "environment": "test")"),
          plan(
              R"("database": "y", "environment": "environments/test", "labels": {"tenant": "z"})")),
      (Lines{R"(spec "a": database is "y", was "x")", R"(spec "a": labels.tenant set to "z")"}));
}

TEST(PlanDiff, APasswordIsNotShown) {
  const auto plan = [](const std::string& rest) {
    return R"({"steps": [{"specs": [{"id": "a", "exportDataConfig": {"target": "instances/t/databases/hr",
      "sheet": "projects/p/sheets/2", "format": )" +
           rest + "}}]}]}";
  };
  const auto messages = [&](const std::string& a, const std::string& b) {
    return Messages({plan(a), kTwoStages, {}}, {plan(b), kTwoStages, {}});
  };
  EXPECT_EQ(messages(R"("CSV", "password": "secret")", R"("JSON", "password": "hidden")"),
            (Lines{R"(spec "a": format is "JSON", was "CSV")", R"(spec "a": password changed)"}));
  EXPECT_EQ(messages(R"("CSV", "password": "secret")", R"("CSV")"),
            Lines{R"(spec "a": password taken away, was "set")"});
}

// ---- specs and steps ----

TEST(PlanDiff, SpecsComeAndGo) {
  EXPECT_EQ(StepMessages({{"Test", "ab"}}, {{"Test", "bc"}}),
            (Lines{R"(spec "a" removed from step "Test")", R"(spec "c" added to step "Test")"}));
}

TEST(PlanDiff, ASpecThatDoesTheSameIsTheSameByAnotherName) {
  std::string other = Plan(kConfig);
  other.replace(other.find("\"b\""), 3, "\"z\"");
  EXPECT_EQ(Messages(Plan(kConfig), other), Lines{R"(spec "z" had the id "b")"});
  // What depends on it depends on the same.
  other = Plan(kConfig);
  for (std::size_t at; (at = other.find("\"a\"")) != std::string::npos;)
    other.replace(at, 3, "\"y\"");
  EXPECT_EQ(Messages(Plan(kConfig), other), Lines{R"(spec "y" had the id "a")"});
}

TEST(PlanDiff, OneSpecThatMovedIsOneChange) {
  EXPECT_EQ(StepMessages({{"Test", "abcdefgh"}}, {{"Test", "bcdefagh"}}),
            Lines{R"(spec "a" moved: now after "f", was first)"});
  EXPECT_EQ(StepMessages({{"Test", "abcd"}, {"Prod", "ef"}}, {{"Test", "acd"}, {"Prod", "ebf"}}),
            Lines{R"(spec "b" moved from step "Test" to step "Prod")"});
}

TEST(PlanDiff, StepsComeAndGo) {
  EXPECT_EQ(
      StepMessages({{"Test", "ab"}, {"Prod", "cd"}},
                   {{"Test", "ab"}, {"Canary", "c"}, {"Prod", "d"}}),
      (Lines{R"(step "Canary" added)", R"(spec "c" moved from step "Prod" to step "Canary")"}));
  EXPECT_EQ(StepMessages({{"Test", "ab"}, {"Prod", "cd"}}, {{"Test", "ab"}}),
            (Lines{R"(step "Prod" removed)", R"(spec "c" removed from step "Prod")",
                   R"(spec "d" removed from step "Prod")"}));
}

TEST(PlanDiff, AStepIsKnownByItsTitleOrItsSpecs) {
  EXPECT_EQ(StepMessages({{"Test", "ab"}, {"Prod", "cd"}}, {{"Trial", "ab"}, {"Prod", "cd"}}),
            Lines{R"(step "Test" is called "Trial")"});
  EXPECT_EQ(StepMessages({{"X", "ab"}, {"Y", "cd"}}, {{"Y", "ab"}, {"Z", "cd"}}),
            (Lines{R"(step "X" is called "Y")", R"(step "Y" is called "Z")"}));
  EXPECT_EQ(StepMessages({{"Test", "abc"}, {"Prod", "d"}}, {{"Test", "a"}, {"Prod", "bcd"}}),
            (Lines{R"(spec "b" moved from step "Test" to step "Prod")",
                   R"(spec "c" moved from step "Test" to step "Prod")"}));
}

TEST(PlanDiff, OneStepThatMovedIsOneChange) {
  EXPECT_EQ(StepMessages({{"A", "a"}, {"B", "b"}, {"C", "c"}, {"D", "d"}},
                         {{"B", "b"}, {"C", "c"}, {"A", "a"}, {"D", "d"}}),
            Lines{R"(step "A" moved: now after "C", was first)"});
}

TEST(PlanDiff, Dependencies) {
  std::string without = Plan(kConfig);
  without.replace(without.find("[\"a\"]"), 5, "[]");
  EXPECT_EQ(Messages(Plan(kConfig), without), Lines{R"(spec "b" no longer waits for "a")"});
  EXPECT_EQ(Messages(without, Plan(kConfig)), Lines{R"(spec "b" waits for "a")"});
}

// ---- targets and inventories ----

TEST(PlanDiff, Targets) {
  const auto flat = [](const std::string& targets) {
    return R"({"specs": [{"id": "a", "changeDatabaseConfig": {"targets": [)" + targets +
           R"(], "sheet": "projects/p/sheets/2"}}]})";
  };
  const std::string hr = R"("instances/t/databases/hr")", crm = R"("instances/t/databases/crm")",
                    prod = R"("instances/p/databases/hr")";
  EXPECT_EQ(Messages(flat(hr), flat(crm)), Lines{"spec \"a\": target is " + crm + ", was " + hr});
  EXPECT_EQ(
      Messages(flat(hr), flat(hr + "," + crm + "," + prod)),
      (Lines{"spec \"a\": target " + prod + " added", "spec \"a\": target " + crm + " added"}));
  EXPECT_EQ(Messages(flat(hr + "," + crm + "," + prod), flat(crm + "," + prod + "," + hr)),
            Lines{"spec \"a\": target " + hr + " has another place in its list"});
}

TEST(PlanDiff, AGroupThatMatchesOtherDatabases) {
  const std::string plan = R"({"steps": [{"specs": [{"id": "a", "changeDatabaseConfig": {
    "target": "projects/p/databaseGroups/g", "sheet": "projects/p/sheets/2", "type": "DATA"}}]}]})";
  std::string inventory = kTwoStages;
  inventory.replace(inventory.find("\\\"hr\\\""), 6, "\\\"crm\\\"");
  const PlanDiff diff = Diff({plan, kTwoStages, kSheets}, {plan, inventory, kSheets});
  EXPECT_EQ(
      MessagesOf(diff),
      (Lines{
          R"("projects/p/databaseGroups/g" no longer matches "instances/p/databases/hr" (1 spec))",
          R"("projects/p/databaseGroups/g" now matches "instances/t/databases/crm" (1 spec))",
          R"("projects/p/databaseGroups/g" no longer matches "instances/t/databases/hr" (1 spec))"}));
  ASSERT_EQ(diff.schedule.tasks.size(), 3u);
  EXPECT_EQ(diff.schedule.tasks[0].shift, TaskShift::kAppears);
  EXPECT_EQ(diff.schedule.tasks[2].shift, TaskShift::kDisappears);
}

TEST(PlanDiff, WhatTheInventorySaysOfInstances) {
  std::string inventory = kTwoStages;
  inventory.replace(inventory.find("t.example.com\""), 14, "u.example.com\", \"port\": \"5433\"");
  inventory.insert(inventory.find("\"databases\""), "\"maximumConnections\": 3, ");
  inventory.insert(inventory.rfind('}'), ", \"stagePolicy\": {\"endState\": \"terminal\"}");
  EXPECT_EQ(Messages({Plan(kConfig), kTwoStages, kSheets}, {Plan(kConfig), inventory, kSheets}),
            (Lines{R"(stagePolicy.endState set to "terminal")",
                   R"("instances/t": maximumConnections is "3", was "10")",
                   R"("instances/t": dataSources is "u.example.com:5433", was "t.example.com")"}));
}

// ---- sheets ----

TEST(PlanDiff, ASheetByAnotherName) {
  const auto config = [](const char* sheet) {
    return Plan(kTarget + R"("type": "DATA", "sheet": "projects/p/sheets/)" + sheet + "\"");
  };
  EXPECT_EQ(
      Messages(config("2"), config("3")),
      Lines{
          R"(spec "b": sheet is "projects/p/sheets/3", was "projects/p/sheets/2": the same text)"});
  EXPECT_EQ(
      Messages(config("2"), config("1")),
      Lines{
          R"(spec "b": sheet is "projects/p/sheets/1", was "projects/p/sheets/2": 1 statement added, 1 changed)"});
}

TEST(PlanDiff, ASheetWithAnotherText) {
  const auto with = [](const std::string& text) {
    Sheets sheets = kSheets;
    sheets["1"] = text;
    return Documents{Plan(kConfig), kTwoStages, sheets};
  };
  const auto message = [&](const std::string& a, const std::string& b) {
    const Lines messages = Messages(with(a), with(b));
    return messages.size() == 1 ? messages[0] : std::to_string(messages.size()) + " messages";
  };
  EXPECT_EQ(message("SELECT 1; SELECT 2;", "SELECT 1; SELECT 3; SELECT 2;"),
            R"(sheet "projects/p/sheets/1": 1 statement added (1 spec))");
  EXPECT_EQ(message("SELECT 1; SELECT 2; SELECT 3;", "SELECT 3;"),
            R"(sheet "projects/p/sheets/1": 2 statements removed (1 spec))");
  EXPECT_EQ(message("SELECT 1; SELECT 2; SELECT 3;", "SELECT 1; SELECT 4; SELECT 3;"),
            R"(sheet "projects/p/sheets/1": 1 statement changed (1 spec))");
  EXPECT_EQ(message("SELECT 1; SELECT 1;", "SELECT 1; SELECT 1; SELECT 1;"),
            R"(sheet "projects/p/sheets/1": 1 statement added (1 spec))");
  EXPECT_EQ(message("SELECT 1;", "-- why\nSELECT 1;\n"),
            R"(sheet "projects/p/sheets/1": only comments or white space differ (1 spec))");
  // Quoted terminators are text: the engine of the database decides.
  EXPECT_EQ(message("SELECT $$a; b$$;", "SELECT $$a; c$$;"),
            R"(sheet "projects/p/sheets/1": 1 statement changed (1 spec))");
}

TEST(PlanDiff, WithoutTextsSheetsAreComparedByName) {
  const PlanDiff diff = Diff({Plan(kConfig), kTwoStages, kSheets}, {Plan(kConfig), kTwoStages, {}});
  EXPECT_EQ(MessagesOf(diff), Lines());
  EXPECT_TRUE(diff.sheets_by_name_alone);
  EXPECT_FALSE(diff.same_digest);
}

// ---- places ----

TEST(PlanDiff, ChangesHaveTheirPlaces) {
  const Simulated a({Plan(kConfig), kTwoStages, kSheets}, "a.json");
  std::string other = Plan(kConfig);
  other.replace(other.find("\"DATA\""), 6, "\"MIGRATE\"");
  const Simulated b({other, kTwoStages, kSheets}, "b.json");
  const PlanDiff diff = DiffPlans(a.side(), b.side());
  ASSERT_EQ(diff.changes.size(), 1u);
  const Change& change = diff.changes[0];
  EXPECT_EQ(a.workspace().sources()[change.a->place.source].Slice(change.a->place.span),
            "\"DATA\"");
  EXPECT_EQ(b.workspace().sources()[change.b->place.source].Slice(change.b->place.span),
            "\"MIGRATE\"");
  const std::string text = PlanDiffText(diff, a.side(), b.side(), false);
  EXPECT_NE(
      text.find("~ b.json:4:144: spec \"b\": type is \"MIGRATE\", was \"DATA\" (a.json:4:144)\n"),
      std::string::npos)
      << text;
}

// ---- the schedule ----

TEST(ScheduleDiff, TasksStartEarlierOrLaterAndTakeOtherTurns) {
  const Simulated a({Steps({{"Test", "abcd"}}), "", {}});
  const Simulated b({Steps({{"Test", "bcad"}}), "", {}});
  const PlanDiff diff = DiffPlans(a.side(), b.side());
  ASSERT_EQ(diff.schedule.tasks.size(), 3u);
  EXPECT_EQ(diff.schedule.tasks[0].shift, TaskShift::kEarlier);
  EXPECT_EQ(diff.schedule.tasks[1].shift, TaskShift::kEarlier);
  EXPECT_EQ(diff.schedule.tasks[2].shift, TaskShift::kLater);
  ASSERT_EQ(diff.schedule.turns.size(), 1u);
  EXPECT_EQ(diff.schedule.turns[0].a.value(), 0u);
  EXPECT_EQ(diff.schedule.turns[0].b.value(), 2u);
  EXPECT_FALSE(diff.schedule.turns[0].before_a.valid());
  EXPECT_EQ(diff.schedule.turns[0].before_b.value(), 1u);
  const std::string text = PlanDiffText(diff, a.side(), b.side(), false);
  EXPECT_NE(text.find("\n   3  a     t/hr      0 ms    2 s  2 s later\n"), std::string::npos)
      << text;
  EXPECT_NE(text.find("\non t/hr: a runs after c, was first\n"), std::string::npos) << text;
}

TEST(ScheduleDiff, TasksThatDoNotStartAnyMore) {
  const std::string scenario = R"({"failures": [{"spec": "a"}]})";
  std::string without = Plan(kConfig);
  without.replace(without.find("[\"a\"]"), 5, "[]");
  const PlanDiff diff = Diff({without, kTwoStages, kSheets, scenario},
                             {Plan(kConfig), kTwoStages, kSheets, scenario});
  ASSERT_EQ(diff.schedule.tasks.size(), 1u);
  EXPECT_EQ(diff.schedule.tasks[0].shift, TaskShift::kStartsNever);
}

TEST(ScheduleDiff, TextShowsTheFirstTasksOnly) {
  std::string ids;
  for (char id = 'a'; id <= 'z'; ++id) ids += id;
  const Simulated a({Steps({{"Test", "Z" + ids}}), "", {}}), b({Steps({{"Test", ids}}), "", {}});
  const std::string text = PlanDiffText(DiffPlans(a.side(), b.side()), a.side(), b.side(), false);
  EXPECT_NE(text.find("\nand 7 more tasks\n"), std::string::npos) << text;
}

TEST(UnknownToBoth, ASpecOfOneOfThePlansIsNoMistake) {
  const auto read = [](const std::string& ids, const std::string& spec) {
    return Simulated(
        {Steps({{"Test", ids}}), "", {}, R"({"durations": {"specs": {")" + spec + R"(": "5s"}}})"});
  };
  const Simulated a = read("a", "b"), b = read("b", "b");
  EXPECT_TRUE(UnknownToBoth(a.workspace(), b.workspace()).empty());
  const Simulated c = read("a", "x"), d = read("b", "x");
  const auto unknown = UnknownToBoth(c.workspace(), d.workspace());
  ASSERT_EQ(unknown.size(), 1u);
  EXPECT_EQ(unknown[0].severity, diagnostics::Severity::kError);
}

// ---- movers ----

TEST(Movers, AsFewAsPossible) {
  // Against all subsets, for every order of six.
  std::vector<std::uint32_t> order = {0, 1, 2, 3, 4, 5};
  do {
    std::vector<Placed> items, mirrored;
    for (std::uint32_t i = 0; i < order.size(); ++i) {
      items.push_back({i, order[i], KeyOf(std::to_string(i))});
      mirrored.push_back({order[i], i, items.back().key});
    }
    std::size_t longest = 0;
    for (std::uint32_t subset = 0; subset < 64; ++subset) {
      std::vector<std::uint32_t> kept;
      for (std::uint32_t i = 0; i < order.size(); ++i) {
        if (subset >> i & 1) kept.push_back(order[i]);
      }
      if (std::is_sorted(kept.begin(), kept.end())) longest = std::max(longest, kept.size());
    }
    const std::vector<bool> moves = FindMovers(items);
    ASSERT_EQ(order.size() - static_cast<std::size_t>(std::count(moves.begin(), moves.end(), true)),
              longest);
    ASSERT_EQ(FindMovers(mirrored), moves);
  } while (std::next_permutation(order.begin(), order.end()));
}

}  // namespace
}  // namespace lockstep::api
