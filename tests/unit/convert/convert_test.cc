// From one form of a plan to the other: what is written, what is told as lost, and that nothing
// else is.
#include "core/convert/convert.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "core/base/prng.h"
#include "core/plan/decode.h"
#include "core/rollout/expand.h"
#include "tests/unit/document_fixture.h"

namespace lockstep::convert {
namespace {

constexpr const char* kInventory = R"({
  "environments": [{"name": "environments/test"}, {"name": "environments/prod"}],
  "instances": [
    {"name": "instances/p1", "engine": "MYSQL", "environment": "environments/prod",
     "databases": [{"name": "instances/p1/databases/a"}, {"name": "instances/p1/databases/b"}]},
    {"name": "instances/t1", "engine": "MYSQL", "environment": "environments/test",
     "databases": [{"name": "instances/t1/databases/a"}, {"name": "instances/t1/databases/b"}]}],
  "databaseGroups": [
    {"name": "projects/p/databaseGroups/all", "databaseExpr": {"expression": "true"}},
    {"name": "projects/p/databaseGroups/test",
     "databaseExpr": {"expression": "resource.environment_name == \"environments/test\""}}]})";

/// Documents, checked; a plan with errors fails the test.
struct World {
  explicit World(const std::string& plan_text, const std::string& inventory_text = kInventory) {
    plan_document = Parse(plan_text);
    plan = plan::Decode(*plan_document, false, emitter);
    if (!inventory_text.empty()) {
      inventory_document = Parse(inventory_text);
      inventory = inventory::DecodeInventory(*inventory_document, false, emitter);
    }
    checked = check::Check(*plan, inventory ? &*inventory : nullptr, nullptr, {}, sources, emitter);
    if (checked) return;
    for (const auto& diagnostic : emitter.Take()) {
      if (diagnostic.severity == diagnostics::Severity::kError)
        ADD_FAILURE() << diagnostic.message << "\n" << plan_text;
    }
  }

  std::optional<json::Document> Parse(const std::string& text) {
    const diagnostics::SourceId id = sources.Add(diagnostics::Source("plan.json", text));
    return json::Document::Parse(id, sources[id], {}, emitter);
  }

  Converted Other(bool merge = false) const {
    const bool flat = plan->form == plan::Form::kFlat;
    const Options options{flat ? plan::Form::kSteps : plan::Form::kFlat, merge};
    auto converted = Convert(*checked, *plan_document, options);
    EXPECT_TRUE(converted.ok());
    return *converted;
  }

  /// Everything of the tasks but their names: "0 environments/test instances/… …".
  Strings Tasks() const {
    Strings tasks;
    const rollout::Rollout rollout = rollout::Expand(*checked, {});
    const auto describe = [&](const rollout::Task& task) {
      const plan::Spec& spec = plan->specs[plan::SpecIndex(task.spec)];
      return std::to_string(task.stage.value()) + " " + rollout.stages[task.stage].environment +
             " " + (task.database.valid() ? rollout.databases[task.database].name : "new") + " " +
             std::to_string(static_cast<int>(task.type)) + " " +
             std::string(spec.config.sheet.value);
    };
    for (const rollout::Task& task : rollout.tasks) {
      std::string text = describe(task);
      for (const rollout::GroupIndex on :
           rollout.groups[task.group].depends_on.Of(rollout.dependencies)) {
        for (const rollout::TaskIndex other : rollout.groups[on].tasks.Of(rollout.group_tasks))
          text += " <- " + describe(rollout.tasks[other]);
      }
      tasks.push_back(text);
    }
    return tasks;
  }

  diagnostics::Sources sources;
  diagnostics::Emitter emitter;
  std::optional<json::Document> plan_document, inventory_document;
  std::optional<plan::Plan> plan;
  std::optional<inventory::Inventory> inventory;
  std::optional<check::CheckedPlan> checked;
};

/// "/pointer: message" of each loss.
Strings Losses(const Converted& converted) {
  Strings losses;
  for (const diagnostics::Remark& loss : converted.losses)
    losses.push_back(loss.pointer + ": " + loss.message);
  return losses;
}

bool Tells(const Converted& converted, const std::string& pointer, const std::string& part) {
  for (const diagnostics::Remark& loss : converted.losses) {
    if (loss.pointer == pointer && loss.message.find(part) != std::string::npos) return true;
  }
  return false;
}

std::string Change(const std::string& id, const std::string& target, int sheet,
                   const std::string& more = "", const std::string& type = "MIGRATE") {
  return R"({"id": ")" + id + R"(", "changeDatabaseConfig": {"target": ")" + target +
         R"(", "type": ")" + type + R"(", "sheet": "projects/p/sheets/)" + std::to_string(sheet) +
         "\"" + more + "}}";
}

std::string Step(const std::string& specs) {
  return "{\"specs\": [" + specs + "]}";
}
std::string Steps(const std::string& steps) {
  return "{\"steps\": [" + steps + "]}";
}

TEST(Convert, StepsThatAreEnvironmentsLoseNothing) {
  const World older(Steps(Step(Change("a", "instances/p1/databases/a", 1)) + "," +
                          Step(Change("b", "instances/t1/databases/a", 1))));
  const Converted flat = older.Other();
  EXPECT_EQ(Losses(flat), Strings());
  // Production goes first here: the plan's own order of environments says so.
  EXPECT_EQ(flat.plan, R"({
  "deployment": {
    "environments": [
      "environments/prod",
      "environments/test"
    ]
  },
  "specs": [
    {
      "id": "a",
      "changeDatabaseConfig": {
        "targets": [
          "instances/p1/databases/a"
        ],
        "sheet": "projects/p/sheets/1",
        "type": "MIGRATE"
      }
    },
    {
      "id": "b",
      "changeDatabaseConfig": {
        "targets": [
          "instances/t1/databases/a"
        ],
        "sheet": "projects/p/sheets/1",
        "type": "MIGRATE"
      }
    }
  ]
}
)");
  const World there(flat.plan);
  EXPECT_EQ(there.Tasks(), older.Tasks());
  const World back(there.Other().plan);
  EXPECT_EQ(back.Tasks(), older.Tasks());
}

TEST(Convert, EverythingThatTheFlatFormLacksIsTold) {
  const World older(R"({"name": "projects/p/plans/1", "title": "T", "creator": "users/x@y.z",
    "vcsSource": {"vcsType": "GITHUB"}, "releaseSource": {"release": "projects/p/releases/1"},
    "deploymentConfigSnapshot": {"name": "x"}, "steps": [
    {"title": "one", "specs": [
      {"id": "a", "changeDatabaseConfig": {"target": "instances/t1/databases/a", "type": "BASELINE",
        "schemaVersion": "1", "sheet": "projects/p/sheets/1"}},
      {"id": "b", "dependsOnSpecs": ["a"], "earliestAllowedTime": "2030-01-01T00:00:00Z",
       "specReleaseSource": {"file": "f"},
       "changeDatabaseConfig": {"target": "instances/t1/databases/a", "type": "DATA",
        "sheet": "projects/p/sheets/2", "schemaVersion": "2",
        "preUpdateBackupDetail": {"database": "instances/t1/databases/b"}}},
      {"id": "c", "changeDatabaseConfig": {"target": "instances/t1/databases/b", "type": "DATA",
        "sheet": "projects/p/sheets/3",
        "preUpdateBackupDetail": {"database": "instances/t1/databases/bbdataarchive"}}}]},
    {"specs": [{"id": "d", "changeDatabaseConfig": {"target": "instances/t1/databases/b",
      "type": "MIGRATE_SDL", "sheet": "projects/p/sheets/4"}}]}]})",
                    "");
  const Converted flat = older.Other();
  EXPECT_TRUE(Tells(flat, "/creator", "server adds"));
  EXPECT_TRUE(Tells(flat, "/vcsSource", "chains"));
  EXPECT_TRUE(Tells(flat, "/releaseSource/release", "releaseSource"));
  EXPECT_TRUE(Tells(flat, "/deploymentConfigSnapshot", "label rules"));
  EXPECT_TRUE(Tells(flat, "/steps/0/title", "\"one\""));
  EXPECT_TRUE(Tells(flat, "/steps/0/specs/0/changeDatabaseConfig/type", "no BASELINE"));
  EXPECT_TRUE(Tells(flat, "/steps/0/specs/1/dependsOnSpecs", "\"b\" no longer waits for \"a\""));
  EXPECT_TRUE(Tells(flat, "/steps/0/specs/1/earliestAllowedTime", "runTime"));
  EXPECT_TRUE(Tells(flat, "/steps/0/specs/1/specReleaseSource/file", "as a whole"));
  EXPECT_TRUE(
      Tells(flat, "/steps/0/specs/1/changeDatabaseConfig/schemaVersion", "schemaVersion \"2\""));
  EXPECT_TRUE(Tells(flat, "/steps/0/specs/1/changeDatabaseConfig/preUpdateBackupDetail/database",
                    "bbdataarchive"));
  EXPECT_TRUE(Tells(flat, "/steps/1/specs/0/changeDatabaseConfig/type", "declarative"));
  EXPECT_TRUE(Tells(flat, "/steps/1", "step 2 joins the stage of step 1"));
  EXPECT_EQ(flat.losses.size(), 13u) << testing::PrintToString(Losses(flat));
  const World there(flat.plan, "");
  EXPECT_EQ(there.plan->specs.size(), 3u);
  EXPECT_EQ(there.plan->title.value, "T");
  for (const plan::Spec& spec : there.plan->specs)
    EXPECT_EQ(spec.config.enable_prior_backup.value, spec.id.value != "d");
}

TEST(Convert, BarriersThatAreNoneInTheFlatForm) {
  const World older(Steps(Step(Change("a", "instances/t1/databases/a", 1) + "," +
                               Change("b", "instances/p1/databases/a", 1)) +
                          "," + Step(Change("c", "instances/p1/databases/b", 1))));
  const Converted flat = older.Other();
  EXPECT_TRUE(Tells(flat, "/steps/0", "of \"environments/test\" and of \"environments/prod\""));
  EXPECT_TRUE(Tells(flat, "/steps/1", "both are in \"environments/prod\""));
  EXPECT_EQ(flat.losses.size(), 2u) << testing::PrintToString(Losses(flat));
}

TEST(Convert, MergesWhatDiffersInTheDatabaseAlone) {
  const World older(Steps(Step(Change("a", "instances/t1/databases/a", 1) + "," +
                               Change("b", "instances/t1/databases/a", 2) + "," +
                               Change("c", "instances/t1/databases/b", 1) + "," +
                               Change("d", "instances/t1/databases/a", 1)) +
                          "," +
                          Step(Change("e", "instances/p1/databases/a", 1) + "," +
                               Change("f", "instances/p1/databases/a", 2))));
  const Converted apart = older.Other();
  EXPECT_EQ(World(apart.plan).plan->specs.size(), 6u);
  const Converted merged = older.Other(true);
  const World there(merged.plan);
  // "d" comes after "b" on its database and so stays by itself; "e" joins the last of its kind, and
  // so "f", which comes after it, cannot join "b".
  ASSERT_EQ(there.plan->specs.size(), 4u) << merged.plan;
  EXPECT_EQ(
      Losses(merged),
      Strings({"/steps/0/specs/2/id: spec \"c\" becomes targets of spec \"a\"; its id is gone",
               "/steps/1/specs/0/id: spec \"e\" becomes targets of spec \"d\"; its id is gone"}));
}

TEST(Convert, NothingButBaselinesCannotBeFlat) {
  const World older(Steps(Step(Change("a", "instances/t1/databases/a", 1, "", "BASELINE"))));
  const auto flat = Convert(*older.checked, *older.plan_document, {});
  ASSERT_FALSE(flat.ok());
  EXPECT_NE(flat.error().message.find("BASELINE"), std::string::npos);
}

TEST(Convert, StepsAreTheEnvironmentsOfTheTargets) {
  const World flat(R"({"specs": [
    {"id": "a", "changeDatabaseConfig": {"targets": ["instances/p1/databases/a",
      "instances/t1/databases/a"], "sheet": "projects/p/sheets/1", "type": "DATA",
      "enablePriorBackup": true}},
    {"id": "b", "changeDatabaseConfig": {"targets": ["instances/t1/databases/b"],
      "sheet": "projects/p/sheets/2", "enableGhost": true, "ghostFlags": {"chunk-size": "9"}}},
    {"id": "c", "changeDatabaseConfig": {"targets": ["instances/t1/databases/b"],
      "release": "projects/p/releases/1"}}]})");
  const Converted older = flat.Other();
  EXPECT_TRUE(Tells(older, "/specs/0/id", "spec \"a\" becomes 2 specs"));
  EXPECT_TRUE(Tells(older, "/specs/2/changeDatabaseConfig/release", "is left out"));
  EXPECT_EQ(older.losses.size(), 2u) << testing::PrintToString(Losses(older));
  const World there(older.plan);
  ASSERT_EQ(there.plan->steps.size(), 2u);
  ASSERT_EQ(there.plan->specs.size(), 3u);
  const plan::Spec& first = there.plan->specs[plan::SpecIndex(0)];
  EXPECT_EQ(first.config.backup_database.value, "instances/t1/databases/bbdataarchive");
  EXPECT_EQ(first.id.value.size(), 36u);
  EXPECT_EQ(first.id.value[14], '8');
  const plan::Spec& ghost = there.plan->specs[plan::SpecIndex(1)];
  EXPECT_EQ(ghost.id.value, "b");
  EXPECT_EQ(ghost.config.type.value, plan::ChangeType::kMigrateGhost);
  EXPECT_EQ(there.plan->GhostFlagsOf(ghost).size(), 1u);
  EXPECT_EQ(flat.Other().plan, older.plan);  // ids are the same each time
}

TEST(Convert, WithoutAnInventoryThereIsOneStep) {
  const std::string plan = R"({"specs": [{"id": "a", "changeDatabaseConfig": {"targets":
    ["instances/p1/databases/a", "instances/t1/databases/a"], "sheet": "projects/p/sheets/1"}}]})";
  const World flat(plan, "");
  const Converted older = flat.Other();
  EXPECT_TRUE(Tells(older, "", "all specs go into one step"));
  const World there(older.plan, "");
  EXPECT_EQ(there.plan->steps.size(), 1u);
  EXPECT_EQ(there.Tasks(), flat.Tasks());
}

TEST(Convert, AGroupOfSeveralEnvironmentsBecomesItsDatabases) {
  const World within(R"({"specs": [{"id": "a", "changeDatabaseConfig": {"targets":
    ["projects/p/databaseGroups/test"], "sheet": "projects/p/sheets/1"}}]})");
  EXPECT_EQ(Losses(within.Other()), Strings());
  EXPECT_EQ(World(within.Other().plan).Tasks(), within.Tasks());
  const World across(R"({"specs": [{"id": "a", "changeDatabaseConfig": {"targets":
    ["projects/p/databaseGroups/all"], "sheet": "projects/p/sheets/1"}}]})");
  const Converted older = across.Other();
  EXPECT_TRUE(Tells(older, "/specs/0/changeDatabaseConfig/targets/0", "becomes the 4 databases"));
  EXPECT_EQ(World(older.plan).Tasks(), across.Tasks());
}

TEST(Convert, TheSameFormIsThePlanItselfAsPlainJson) {
  const World flat(R"({"specs": [/* first */ {"id": "a", "changeDatabaseConfig": {"targets":
    ["instances/t1/databases/a"], "sheet": "projects/p/sheets/1"}},]})");
  const auto same = Convert(*flat.checked, *flat.plan_document, {plan::Form::kFlat, false});
  ASSERT_TRUE(same.ok());
  EXPECT_EQ(World(same->plan).Tasks(), flat.Tasks());
  EXPECT_EQ(same->plan.find("first"), std::string::npos);
  EXPECT_TRUE(Tells(flat.Other(), "", "comments"));
}

std::string Read(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// There and back: always a plan without errors, and the same tasks where nothing was lost.
TEST(Convert, TheCorpusGoesThereAndBack) {
  const std::filesystem::path corpus = LOCKSTEP_SOURCE_DIR "/tests/corpus";
  const std::string shared = Read(corpus / "shared.inventory.json");
  std::size_t plans = 0, faithful = 0;
  for (const auto& entry : std::filesystem::directory_iterator(corpus)) {
    const std::string name = entry.path().filename();
    const std::string stem = name.substr(0, name.find('.'));
    if (name != stem + ".json" || name.rfind("ok-", 0) != 0) continue;
    const auto own = corpus / (stem + ".inventory.json");
    const std::string inventory = std::filesystem::exists(own) ? Read(own) : shared;
    SCOPED_TRACE(name);
    const World plan(Read(entry.path()), name == "ok-seed-alone.json" ? "" : inventory);
    const Converted there = plan.Other();
    const World other(there.plan, plan.inventory ? inventory : "");
    const World back(other.Other().plan, plan.inventory ? inventory : "");
    ASSERT_TRUE(other.checked && back.checked);
    ++plans;
    if (!there.losses.empty()) continue;
    ++faithful;
    EXPECT_EQ(other.Tasks(), plan.Tasks());
    EXPECT_EQ(back.Tasks(), plan.Tasks());
  }
  EXPECT_GE(plans, 9u);
}

const char* const kDatabases[] = {"instances/t1/databases/a", "instances/t1/databases/b",
                                  "instances/p1/databases/a", "instances/p1/databases/b"};

std::string RandomSteps(base::Prng& prng) {
  std::string steps;
  int id = 0;
  for (std::uint64_t step = 0, n = 1 + prng.Below(3); step < n; ++step) {
    std::string specs;
    for (std::uint64_t spec = 0, m = 1 + prng.Below(4); spec < m; ++spec) {
      // Half of the steps keep to one environment.
      const std::uint64_t at = prng.Below(2) + 2 * (step < 2 && m > 2 ? step : prng.Below(2));
      specs += (specs.empty() ? "" : ",") + Change("s" + std::to_string(++id), kDatabases[at],
                                                   1 + prng.Below(3), "",
                                                   prng.Below(2) == 0 ? "DATA" : "MIGRATE");
    }
    steps += (steps.empty() ? "" : ",") + Step(specs);
  }
  return Steps(steps);
}

/// What happens to each database, in order: that merging keeps.
std::map<std::string, Strings> ByDatabase(const World& world) {
  std::map<std::string, Strings> tasks;
  for (const std::string& task : world.Tasks()) {
    std::istringstream words(task);
    std::string stage, environment, database, what;
    words >> stage >> environment >> database;
    std::getline(words, what);
    tasks[database].push_back(what);
  }
  return tasks;
}

TEST(Convert, RandomPlansKeepTheirTasksWhereNothingIsTold) {
  std::size_t faithful = 0;
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    SCOPED_TRACE(seed);
    base::Prng prng(seed);
    const World plan(RandomSteps(prng));
    const Converted there = plan.Other();
    const World other(there.plan);
    const World back(other.Other().plan);  // targets of one database: nothing to tell
    EXPECT_EQ(back.Tasks(), other.Tasks());
    EXPECT_EQ(ByDatabase(World(plan.Other(true).plan)), ByDatabase(other));
    if (!there.losses.empty()) continue;
    ++faithful;
    EXPECT_EQ(other.Tasks(), plan.Tasks());
  }
  EXPECT_GE(faithful, 100u);
}

}  // namespace
}  // namespace lockstep::convert
