// From a checked plan to stages, tasks, groups, edges, ranks and caps; and its digest.
#include "core/rollout/expand.h"

#include <gtest/gtest.h>

#include <set>

#include "core/inventory/sheet_library.h"
#include "core/plan/decode.h"
#include "tests/unit/document_fixture.h"

namespace lockstep::rollout {
namespace {

// Two environments; i2 and its databases are in production. Databases are not in the order of their
// environments.
constexpr const char* kInventory = R"({
  "environments": [{"name": "environments/test"}, {"name": "environments/prod", "title": "Production"}],
  "instances": [
    {"name": "instances/i2", "engine": "POSTGRES", "environment": "environments/prod", "maximumConnections": 3,
     "dataSources": [{"type": "ADMIN", "host": "localhost"}],
     "databases": [{"name": "instances/i2/databases/c"}, {"name": "instances/i2/databases/d"}]},
    {"name": "instances/i1", "engine": "MYSQL", "environment": "environments/test",
     "databases": [{"name": "instances/i1/databases/a"}, {"name": "instances/i1/databases/b"}]}],
  "databaseGroups": [{"name": "projects/p/databaseGroups/all",
                      "databaseExpr": {"expression": "resource.database_name != \"z\""}},
                     {"name": "projects/p/databaseGroups/prod",
                      "databaseExpr": {"expression": "resource.environment_name == \"environments/prod\""}}]})";

struct Made {
  explicit Made(const std::string& plan_text, const std::string& semantics = "documented",
                const std::string& inventory_text = kInventory, std::uint32_t parallel = 0,
                const std::string& sheet_text = "") {
    const auto parse = [&](std::string text) {
      const diagnostics::SourceId id =
          sources.Add(diagnostics::Source("test.json", std::move(text)));
      return json::Document::Parse(id, sources[id], {}, emitter);
    };
    plan_document = parse(plan_text);
    plan = plan::Decode(*plan_document, false, emitter);
    if (!inventory_text.empty()) {
      inventory_document = parse(inventory_text);
      inventory = inventory::DecodeInventory(*inventory_document, false, emitter);
    }
    for (int i = 1; i <= 3 && !sheet_text.empty(); ++i)
      sheets.Add("projects/p/sheets/" + std::to_string(i), sheet_text);
    check::Options options;
    options.semantics = *plan::FindSemantics(semantics);
    checked = check::Check(*plan, inventory ? &*inventory : nullptr,
                           sheet_text.empty() ? nullptr : &sheets, options, sources, emitter);
    if (checked) {
      rollout = Expand(
          *checked,
          {.name = "projects/p/rollouts/1",
           .pace = {.parallel = parallel, .canary = 2, .max_failures = FailureLimit{50, true}}});
    } else {
      for (const auto& diagnostic : emitter.Take()) {
        if (diagnostic.severity == diagnostics::Severity::kError)
          ADD_FAILURE() << diagnostic.message;
      }
    }
  }

  diagnostics::Sources sources;
  diagnostics::Emitter emitter;
  std::optional<json::Document> plan_document, inventory_document;
  std::optional<plan::Plan> plan;
  std::optional<inventory::Inventory> inventory;
  inventory::InlineSheets sheets;
  std::optional<check::CheckedPlan> checked;
  Rollout rollout;
};

// "1 A i1/a DATABASE_SCHEMA_UPDATE" per task: stage, spec, target, type.
Strings TasksOf(const Rollout& rollout) {
  Strings lines;
  for (const Task& task : rollout.tasks) {
    std::string target = task.database.valid() ? rollout.databases[task.database].name
                                               : rollout.instances[task.instance].name;
    target.erase(0, std::string("instances/").size());
    if (const auto at = target.find("databases/"); at != std::string::npos)
      target.erase(at, std::string("databases/").size());
    lines.push_back(std::to_string(task.stage.value() + 1) + " " + rollout.spec_ids[task.spec] +
                    " " + target + " " + std::string(ToString(task.type)));
  }
  return lines;
}

// "3: 0 1" per task with dependencies: the tasks of all groups that its group depends on.
Strings EdgesOf(const Rollout& rollout) {
  Strings lines;
  for (TaskIndex index : rollout.tasks.indices()) {
    std::string line;
    for (GroupIndex group :
         rollout.groups[rollout.tasks[index].group].depends_on.Of(rollout.dependencies)) {
      for (TaskIndex task : rollout.groups[group].tasks.Of(rollout.group_tasks))
        line += " " + std::to_string(task.value());
    }
    if (!line.empty()) lines.push_back(std::to_string(index.value()) + ":" + line);
  }
  return lines;
}

Strings StagesOf(const Rollout& rollout) {
  Strings lines;
  for (const Stage& stage : rollout.stages)
    lines.push_back(stage.title + " | " + stage.environment + " | " +
                    std::to_string(stage.tasks.first.value()) + ".." +
                    std::to_string(stage.tasks.last.value()));
  return lines;
}

std::string Spec(const std::string& id, const std::string& target, const std::string& more = "",
                 const std::string& type = "MIGRATE") {
  return R"({"id": ")" + id + R"(", )" + more + R"("changeDatabaseConfig": {"target": ")" + target +
         R"(", "type": ")" + type + R"(", "sheet": "projects/p/sheets/1"}})";
}

std::string Steps(const std::vector<Strings>& steps) {
  std::string text = R"({"title": "a plan", "steps": [)";
  for (std::size_t i = 0; i < steps.size(); ++i) {
    text +=
        (i > 0 ? ", " : "") + (R"({"title": "step )" + std::to_string(i + 1) + R"(", "specs": [)");
    for (std::size_t k = 0; k < steps[i].size(); ++k) text += (k > 0 ? ", " : "") + steps[i][k];
    text += "]}";
  }
  return text + "]}";
}

const std::string kA = "instances/i1/databases/a", kB = "instances/i1/databases/b",
                  kC = "instances/i2/databases/c", kD = "instances/i2/databases/d",
                  kAll = "projects/p/databaseGroups/all", kProd = "projects/p/databaseGroups/prod";

TEST(Expand, StepsAreStages) {
  const Made made(Steps({{Spec("A", kA), Spec("B", kB)}, {Spec("C", kC), Spec("D", kD)}}));
  EXPECT_EQ(TasksOf(made.rollout),
            (Strings{"1 A i1/a DATABASE_SCHEMA_UPDATE", "1 B i1/b DATABASE_SCHEMA_UPDATE",
                     "2 C i2/c DATABASE_SCHEMA_UPDATE", "2 D i2/d DATABASE_SCHEMA_UPDATE"}));
  EXPECT_EQ(StagesOf(made.rollout),
            (Strings{"step 1 | environments/test | 0..2", "step 2 | environments/prod | 2..4"}));
  EXPECT_EQ(made.rollout.name, "projects/p/rollouts/1");
  EXPECT_EQ(made.rollout.title, "a plan");
  EXPECT_EQ(made.rollout.TaskName(TaskIndex(2)), "projects/p/rollouts/1/stages/2/tasks/3");
}

TEST(Expand, TheFlatFormHasAStagePerEnvironmentInTheirOrder) {
  const Made made(R"({"specs": [
    {"id": "A", "changeDatabaseConfig": {"targets": ["instances/i2/databases/c", "instances/i1/databases/b"],
     "sheet": "projects/p/sheets/1", "type": "MIGRATE"}},
    {"id": "B", "changeDatabaseConfig": {"targets": ["instances/i1/databases/a"],
     "sheet": "projects/p/sheets/1", "type": "MIGRATE"}}]})");
  EXPECT_EQ(TasksOf(made.rollout),
            (Strings{"1 A i1/b DATABASE_SCHEMA_UPDATE", "1 B i1/a DATABASE_SCHEMA_UPDATE",
                     "2 A i2/c DATABASE_SCHEMA_UPDATE"}));
  EXPECT_EQ(StagesOf(made.rollout), (Strings{"test Stage | environments/test | 0..2",
                                             "Production Stage | environments/prod | 2..3"}));
}

TEST(Expand, TheFlatFormMayHaveItsOwnOrderOfEnvironments) {
  const Made made(R"({"deployment": {"environments": ["environments/prod", "environments/test"]},
    "specs": [{"id": "A", "changeDatabaseConfig": {
     "targets": ["instances/i1/databases/a", "instances/i2/databases/c"],
     "sheet": "projects/p/sheets/1", "type": "MIGRATE"}}]})");
  EXPECT_EQ(TasksOf(made.rollout),
            (Strings{"1 A i2/c DATABASE_SCHEMA_UPDATE", "2 A i1/a DATABASE_SCHEMA_UPDATE"}));
}

TEST(Expand, AGroupTargetIsOneGroupAndOneEdge) {
  const Made made(Steps({{Spec("A", kProd), Spec("B", kProd, R"("dependsOnSpecs": ["A"], )")}}));
  EXPECT_EQ(TasksOf(made.rollout),
            (Strings{"1 A i2/c DATABASE_SCHEMA_UPDATE", "1 A i2/d DATABASE_SCHEMA_UPDATE",
                     "1 B i2/c DATABASE_SCHEMA_UPDATE", "1 B i2/d DATABASE_SCHEMA_UPDATE"}));
  EXPECT_EQ(made.rollout.groups.size(), 2u);
  EXPECT_EQ(made.rollout.dependencies.size(), 1u);
  EXPECT_EQ(EdgesOf(made.rollout), (Strings{"2: 0 1", "3: 0 1"}));
}

TEST(Expand, DependenciesMayPointForward) {
  const Made made(
      Steps({{Spec("A", kA, R"("dependsOnSpecs": ["B", "C"], )"), Spec("B", kB), Spec("C", kA)}}));
  EXPECT_EQ(EdgesOf(made.rollout), Strings{"0: 1 2"});
}

TEST(Expand, TypesAreThoseOfBytebase) {
  const Made made(Steps({{Spec("A", kA, "", "BASELINE"), Spec("B", kA, "", "MIGRATE_SDL"),
                          Spec("C", kA, "", "MIGRATE_GHOST"), Spec("D", kA, "", "DATA")}}));
  EXPECT_EQ(TasksOf(made.rollout),
            (Strings{"1 A i1/a DATABASE_SCHEMA_BASELINE", "1 B i1/a DATABASE_SCHEMA_UPDATE_SDL",
                     "1 C i1/a DATABASE_SCHEMA_UPDATE_GHOST", "1 D i1/a DATABASE_DATA_UPDATE"}));
  for (const Task& task : made.rollout.tasks) EXPECT_TRUE(task.serial);
}

TEST(Expand, CreateAndExportTasks) {
  const Made create(Steps(
      {{R"({"id": "A", "createDatabaseConfig": {"target": "instances/i2", "database": "new", "owner": "deployer"}})"}}));
  EXPECT_EQ(TasksOf(create.rollout), Strings{"1 A i2 DATABASE_CREATE"});
  EXPECT_FALSE(create.rollout.tasks[TaskIndex(0)].database.valid());
  const Made exported(
      Steps({{R"({"id": "A", "exportDataConfig": {"target": "instances/i2/databases/c",
    "sheet": "projects/p/sheets/1", "format": "CSV"}})"}}));
  EXPECT_EQ(TasksOf(exported.rollout), Strings{"1 A i2/c DATABASE_DATA_EXPORT"});
}

TEST(Expand, CapsAndTimes) {
  const Made made(Steps({{Spec("A", kA, R"("earliestAllowedTime": "2026-11-22T01:00:00.0001Z", )"),
                          Spec("C", kC)}}),
                  "documented", kInventory, 5);
  const Rollout& rollout = made.rollout;
  EXPECT_EQ(rollout.policy.parallel, 5u);
  EXPECT_EQ(rollout.policy.canary, 2u);
  EXPECT_EQ(rollout.policy.max_failures, 1u) << "half of two tasks";
  EXPECT_EQ(rollout.tasks[TaskIndex(0)].earliest,
            base::ToInstant(*base::ParseTimestamp("2026-11-22T01:00:00.001Z")));
  EXPECT_EQ(rollout.tasks[TaskIndex(1)].earliest.ms, 0);
  EXPECT_EQ(rollout.instances[rollout.tasks[TaskIndex(0)].instance].maximum_connections, 10u);
  EXPECT_EQ(rollout.instances[rollout.tasks[TaskIndex(1)].instance].maximum_connections, 3u);
}

TEST(Expand, WithoutAnInventoryTargetsStandForThemselves) {
  const Made made(Steps({{Spec("A", kA), Spec("B", kC)}}), "documented", "");
  EXPECT_EQ(TasksOf(made.rollout),
            (Strings{"1 A i1/a DATABASE_SCHEMA_UPDATE", "1 B i2/c DATABASE_SCHEMA_UPDATE"}));
  EXPECT_EQ(StagesOf(made.rollout), Strings{"step 1 |  | 0..2"});
}

std::vector<std::uint32_t> RanksOf(const Strings& versions, const std::string& semantics) {
  Strings specs;
  for (std::size_t i = 0; i < versions.size(); ++i) {
    // Every other one on another database, which has ranks of its own.
    specs.push_back(R"({"id": "S)" + std::to_string(i) +
                    R"(", "changeDatabaseConfig": {"target": ")" + (i % 2 == 0 ? kA : kB) +
                    R"(", "type": "MIGRATE", "sheet": "projects/p/sheets/1",
                     "schemaVersion": ")" +
                    versions[i] + R"("}})");
  }
  const Made made(Steps({specs}), semantics);
  // By spec: bytebase-3.4 orders tasks by database.
  std::vector<std::uint32_t> ranks(versions.size());
  for (const Task& task : made.rollout.tasks) ranks[task.spec] = task.version_rank;
  return ranks;
}

TEST(Expand, VersionsRankByNumbersOrByText) {
  const Strings versions = {"10", "1.10", "9", "1.9", "", "2", "9.0.1", "x"};
  // a: 10, 9, "", 9.0.1; b: 1.10, 1.9, 2, x.
  const auto numeric = RanksOf(versions, "documented");
  EXPECT_EQ(numeric, (std::vector<std::uint32_t>{3, 2, 1, 1, 0, 3, 2, 4}));
  const auto text = RanksOf(versions, "bytebase-3.4");
  EXPECT_EQ(text, (std::vector<std::uint32_t>{1, 1, 2, 2, 0, 3, 3, 4}));
}

// ---- bytebase-3.4 ----

TEST(ExpandLikeBytebase34, StepsDissolveIntoEnvironmentsDatabaseByDatabase) {
  const Made made(Steps({{Spec("A", kC), Spec("B", kA)}, {Spec("C", kA), Spec("D", kC)}}),
                  "bytebase-3.4");
  EXPECT_EQ(TasksOf(made.rollout),
            (Strings{"1 B i1/a DATABASE_SCHEMA_UPDATE", "1 C i1/a DATABASE_SCHEMA_UPDATE",
                     "2 A i2/c DATABASE_SCHEMA_UPDATE", "2 D i2/c DATABASE_SCHEMA_UPDATE"}));
  EXPECT_EQ(made.rollout.policy.stage_gate, Policy::StageGate::kNone);
}

TEST(ExpandLikeBytebase34, AnEdgeNeverCrossesStages) {
  const Made made(Steps({{Spec("A", kAll), Spec("B", kAll, R"("dependsOnSpecs": ["A"], )")}}),
                  "bytebase-3.4");
  // In each stage, database by database: A, B, A, B.
  EXPECT_EQ(made.rollout.tasks.size(), 8u);
  EXPECT_EQ(EdgesOf(made.rollout), (Strings{"1: 0 2", "3: 0 2", "5: 4 6", "7: 4 6"}));
  EXPECT_EQ(made.rollout.groups.size(), 4u);
}

TEST(ExpandLikeBytebase34, GhostIsASyncAndACutover) {
  const Made made(
      Steps({{Spec("G", kA, "", "MIGRATE_GHOST"), Spec("A", kB, R"("dependsOnSpecs": ["G"], )")}}),
      "bytebase-3.4");
  EXPECT_EQ(TasksOf(made.rollout), (Strings{"1 G i1/a DATABASE_SCHEMA_UPDATE_GHOST_SYNC",
                                            "1 G i1/a DATABASE_SCHEMA_UPDATE_GHOST_CUTOVER",
                                            "1 A i1/b DATABASE_SCHEMA_UPDATE"}));
  EXPECT_EQ(EdgesOf(made.rollout), (Strings{"1: 0", "2: 0 1"}));
}

TEST(ExpandLikeBytebase34, DataTasksTakeNoTurns) {
  const Made made(Steps({{Spec("A", kA, "", "DATA"), Spec("B", kA)}}), "bytebase-3.4");
  EXPECT_FALSE(made.rollout.tasks[TaskIndex(0)].serial);
  EXPECT_TRUE(made.rollout.tasks[TaskIndex(1)].serial);
}

TEST(ExpandLikeBytebase34, AVcsSourceChainsTheTasksOfADatabase) {
  std::string plan = Steps({{Spec("A", kA), Spec("B", kB), Spec("C", kA), Spec("D", kA)}});
  plan.insert(1, R"("vcsSource": {}, )");
  const Made chained(plan, "bytebase-3.4");
  // By database: A, C, D, then B.
  EXPECT_EQ(EdgesOf(chained.rollout), (Strings{"1: 0", "2: 1"}));
  const Made documented(plan);
  EXPECT_EQ(EdgesOf(documented.rollout), Strings{});
}

// ---- the digest ----

std::string DigestOf(const std::string& plan, const std::string& semantics = "documented",
                     const std::string& inventory = kInventory, std::uint32_t parallel = 0,
                     const std::string& sheet = "select 1;") {
  return Made(plan, semantics, inventory, parallel, sheet).rollout.digest;
}

TEST(Digest, IsTheSameForWhatMeansTheSame) {
  const std::string digest = DigestOf(R"({"steps": [{"specs": [{"id": "A", "changeDatabaseConfig":
    {"target": "instances/i1/databases/a", "sheet": "projects/p/sheets/1", "type": "MIGRATE"}}]}]})");
  EXPECT_EQ(digest.size(), 64u);
  EXPECT_EQ(digest.find_first_not_of("0123456789abcdef"), std::string::npos);
  // Another order of members, the other spelling, numbers for names, comments, unset fields, a
  // title.
  EXPECT_EQ(DigestOf(R"({ "title": "hello", // why
    "steps": [{"specs": [{"change_database_config": {"type": 2, "sheet": "projects/p/sheets/1",
       "schemaVersion": "", "target": "instances/i1/databases/a",}, "earliest_allowed_time": null,
       "dependsOnSpecs": [], "id": "A"}]}]})"),
            digest);
}

TEST(Digest, DiffersWhenSomethingElseWouldHappen) {
  const auto plan = [](const std::string& target, const std::string& more) {
    return Steps({{Spec("A", target), Spec("B", kB, more)}});
  };
  const std::string needs = R"("dependsOnSpecs": ["A"], )";
  const std::string digest = DigestOf(plan(kA, needs));
  std::string smaller = kInventory;
  smaller.replace(smaller.find("\"MYSQL\""), 7, R"("MYSQL", "maximumConnections": 2)");
  std::string version = plan(kA, needs),
              time = plan(kA, R"("earliestAllowedTime": "2026-01-01T00:00:00Z", )" + needs);
  version.replace(version.find("\"MIGRATE\""), 9, R"("MIGRATE", "schemaVersion": "1")");
  const Strings others = {
      DigestOf(plan(kB, needs)),
      DigestOf(plan(kA, "")),
      DigestOf(version),
      DigestOf(time),
      DigestOf(Steps({{Spec("A", kA)}, {Spec("B", kB)}})),
      DigestOf(plan(kA, needs), "bytebase-3.4"),
      DigestOf(plan(kA, needs), "documented", smaller),
      DigestOf(plan(kA, needs), "documented", kInventory, 4),
      DigestOf(plan(kA, needs), "documented", kInventory, 0, "select 2;"),
      DigestOf(plan(kA, needs), "documented", kInventory, 0, ""),
  };
  std::set<std::string> different(others.begin(), others.end());
  different.insert(digest);
  EXPECT_EQ(different.size(), others.size() + 1);
  EXPECT_EQ(DigestOf(plan(kA, needs)), digest) << "and is the same again";

  const Made made(plan(kA, needs));
  const Rollout asked = Expand(*made.checked, {.on_request = true});
  EXPECT_TRUE(asked.policy.on_request);
  EXPECT_FALSE(made.rollout.policy.on_request);
  EXPECT_NE(asked.digest, Expand(*made.checked, {}).digest);
}

TEST(Digest, DiffersWithTheOptionsOfATask) {
  const auto change = [](const std::string& options) {
    return DigestOf(R"({"specs": [{"id": "A", "changeDatabaseConfig": {"targets":
      ["instances/i1/databases/a"], "sheet": "projects/p/sheets/1", )" +
                        options + "}}]}",
                    "documented", kInventory, 0, "");
  };
  const auto one = [](const std::string& config) {
    return DigestOf(R"({"steps": [{"specs": [{"id": "A", )" + config + "}]}]}");
  };
  const auto create = [&](const std::string& options) {
    return one(R"("createDatabaseConfig": {"target": "instances/i1", "database": "x",
      "characterSet": "utf8mb4", )" +
               options + "}");
  };
  const auto export_as = [&](const std::string& options) {
    return one(R"("exportDataConfig": {"target": "instances/i1/databases/a",
      "sheet": "projects/p/sheets/1", )" +
               options + "}");
  };
  const Strings all = {
      change(R"("type": "DATA")"),
      change(R"("type": "DATA", "enablePriorBackup": true)"),
      change(R"("type": "MIGRATE")"),
      change(R"("type": "MIGRATE_GHOST")"),
      change(R"("type": "MIGRATE_GHOST", "ghostFlags": {"chunk-size": "100"})"),
      create(R"("collation": "utf8mb4_bin")"),
      create(R"("collation": "utf8mb4_general_ci")"),
      create(R"("collation": "utf8mb4_bin", "labels": {"tenant": "a"})"),
      create(R"("collation": "utf8mb4_bin", "environment": "environments/prod")"),
      export_as(R"("format": "CSV")"),
      export_as(R"("format": "JSON")"),
      export_as(R"("format": "CSV", "password": "one")"),
  };
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), all.size());
  EXPECT_EQ(export_as(R"("format": "CSV", "password": "two")"), all.back())
      << "a digest must not tell one password from another";
}

}  // namespace
}  // namespace lockstep::rollout
