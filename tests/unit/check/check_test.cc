// What the corpus cannot show: the CheckedPlan itself, large plans, and sheets that are too large
// for files.
#include "core/check/check.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "core/base/sha256.h"
#include "core/json/document.h"
#include "core/plan/decode.h"

namespace lockstep::check {
namespace {

using diagnostics::Diagnostic;
using diagnostics::Rule;
using plan::SpecIndex;

/// A plan as text, checked, with everything that the result points into.
class Checked {
 public:
  explicit Checked(std::string plan, std::string inventory = {},
                   const inventory::SheetLibrary* library = nullptr, Options options = {}) {
    document_ = Parse("plan.json", std::move(plan));
    plan_ = plan::Decode(*document_, false, emitter_);
    if (!inventory.empty()) {
      inventory_document_ = Parse("inventory.json", std::move(inventory));
      inventory_ = inventory::DecodeInventory(*inventory_document_, false, emitter_);
    }
    result_ =
        Check(*plan_, inventory_ ? &*inventory_ : nullptr, library, options, sources_, emitter_);
    found_ = emitter_.Take();
  }

  const std::optional<CheckedPlan>& result() const { return result_; }
  const std::vector<Diagnostic>& found() const { return found_; }
  const diagnostics::Sources& sources() const { return sources_; }
  std::size_t Count(Rule rule) const {
    return static_cast<std::size_t>(std::count_if(
        found_.begin(), found_.end(), [&](const Diagnostic& d) { return d.rule == rule; }));
  }
  const Diagnostic& First(Rule rule) const {
    return *std::find_if(found_.begin(), found_.end(),
                         [&](const Diagnostic& d) { return d.rule == rule; });
  }

 private:
  std::optional<json::Document> Parse(std::string name, std::string text) {
    const auto id = sources_.Add(diagnostics::Source(std::move(name), std::move(text)));
    return json::Document::Parse(id, sources_[id], {}, emitter_);
  }

  diagnostics::Sources sources_;
  diagnostics::Emitter emitter_;
  std::optional<json::Document> document_, inventory_document_;
  std::optional<plan::Plan> plan_;
  std::optional<inventory::Inventory> inventory_;
  std::optional<CheckedPlan> result_;
  std::vector<Diagnostic> found_;
};

struct SpecText {
  std::string id;
  std::string target = "instances/i/databases/d";
  std::string sheet = "1";
  std::string depends_on = {};
  std::string more = {};
};

std::string Text(const SpecText& spec) {
  return R"({"id":")" + spec.id + R"(","dependsOnSpecs":[)" + spec.depends_on +
         R"(],"changeDatabaseConfig":{"target":")" + spec.target +
         R"(","sheet":"projects/p/sheets/)" + spec.sheet + R"(","type":"MIGRATE")" + spec.more +
         "}}";
}

std::string OneStep(std::size_t count, const std::function<SpecText(std::size_t)>& spec) {
  std::string text = R"({"steps":[{"specs":[)";
  for (std::size_t i = 0; i < count; ++i) text += (i > 0 ? "," : "") + Text(spec(i));
  return text + "]}]}";
}

std::string Number(std::size_t i) {
  return std::to_string(i);
}
std::string Quoted(std::size_t i) {
  return '"' + std::to_string(i) + '"';
}
std::string Database(std::size_t i) {
  return "instances/i/databases/" + std::to_string(i);
}

constexpr char kInventory[] = R"({
  "environments": [{"name": "environments/test"}],
  "instances": [{"name": "instances/i", "engine": "POSTGRES", "environment": "environments/test",
    "databases": [{"name": "instances/i/databases/a"}, {"name": "instances/i/databases/b"},
                  {"name": "instances/i/databases/c"}]}],
  "databaseGroups": [{"name": "projects/p/databaseGroups/g",
    "databaseExpr": {"expression": "resource.database_name in [\"a\", \"c\"]"}}]})";

constexpr std::size_t kMost = 100'000;
constexpr std::size_t kMany = 20'000;

// ---- the result ----

TEST(CheckedPlan, WithoutInventoryEveryTargetExists) {
  const Checked checked(OneStep(3, [](std::size_t i) {
    return SpecText{Number(i), i == 2 ? "instances/j/databases/d" : "instances/i/databases/d",
                    Number(i), i == 1 ? "\"0\"" : ""};
  }));
  ASSERT_TRUE(checked.result());
  const auto& inventory = checked.result()->inventory();
  EXPECT_TRUE(inventory.synthesized);
  ASSERT_EQ(inventory.databases.size(), 2u);
  ASSERT_EQ(inventory.instances.size(), 2u);
  const auto second = checked.result()->DatabasesOf(SpecIndex(2));
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ(inventory.databases[second[0]].name.value, "instances/j/databases/d");
  EXPECT_EQ(inventory.databases[second[0]].database, "d");
  EXPECT_EQ(inventory.instances[inventory.databases[second[0]].instance].name.value, "instances/j");
  EXPECT_EQ(checked.Count(Rule::kNoInventory), 1u);
  EXPECT_EQ(checked.Count(Rule::kNoSheets), 1u);
}

TEST(CheckedPlan, GroupsBecomeTheirDatabases) {
  const Checked checked(OneStep(2,
                                [](std::size_t i) {
                                  return SpecText{Number(i), "projects/p/databaseGroups/g",
                                                  Number(i), i == 1 ? "\"0\"" : ""};
                                }),
                        kInventory);
  ASSERT_TRUE(checked.result());
  for (const SpecIndex spec : {SpecIndex(0), SpecIndex(1)}) {
    const auto databases = checked.result()->DatabasesOf(spec);
    ASSERT_EQ(databases.size(), 2u);
    EXPECT_EQ(checked.result()->inventory().databases[databases[0]].database, "a");
    EXPECT_EQ(checked.result()->inventory().databases[databases[1]].database, "c");
  }
}

TEST(CheckedPlan, TargetsThatOverlapCountOnce) {
  const Checked checked(
      R"({"specs":[{"id":"1","changeDatabaseConfig":{"sheet":"projects/p/sheets/1",
    "targets":["instances/i/databases/b","instances/i/databases/a","instances/i/databases/b"]}}]})",
      kInventory);
  ASSERT_TRUE(checked.result());
  EXPECT_EQ(checked.result()->DatabasesOf(SpecIndex(0)).size(), 2u);
}

// 50,000 specs on a group of 100,000 databases are more tasks than 32 bits can count.
TEST(LargePlan, TooManyTasks) {
  std::string inventory = R"({"environments":[{"name":"environments/t"}],"instances":[{"name":
    "instances/i","engine":"SQLITE","environment":"environments/t","databases":[)";
  for (int i = 0; i < 100'000; ++i) {
    inventory +=
        (i > 0 ? "," : "") + (R"({"name":"instances/i/databases/)" + std::to_string(i) + "\"}");
  }
  inventory += R"(]}],"databaseGroups":[{"name":"projects/p/databaseGroups/g",
    "databaseExpr":{"expression":"resource.instance_id == \"i\""}}]})";
  const Checked checked(
      OneStep(50'000,
              [](std::size_t i) {
                return SpecText{Number(i), "projects/p/databaseGroups/g", Number(i), ""};
              }),
      inventory);
  EXPECT_FALSE(checked.result());
  EXPECT_EQ(checked.Count(Rule::kTooManyTasks), 1u);
}

TEST(CheckedPlan, DependenciesAreWithoutRepetition) {
  const Checked checked(OneStep(3, [](std::size_t i) {
    return SpecText{Number(i), Database(i), Number(i), i == 2 ? R"("1","0","1")" : ""};
  }));
  ASSERT_TRUE(checked.result());
  const auto on = checked.result()->DependenciesOf(SpecIndex(2));
  EXPECT_EQ(std::vector<SpecIndex>(on.begin(), on.end()),
            (std::vector<SpecIndex>{SpecIndex(1), SpecIndex(0)}));
}

TEST(CheckedPlan, ASheetIsLoadedOnceAndSplitForItsDialects) {
  class Counting : public inventory::InlineSheets {
   public:
    base::Result<diagnostics::Source> Load(std::string_view name) const override {
      ++loads;
      return InlineSheets::Load(name);
    }
    mutable int loads = 0;
  } sheets;
  sheets.Add("projects/p/sheets/1", "SELECT 1; SELECT 2");
  const Checked checked(OneStep(2,
                                [](std::size_t i) {
                                  return SpecText{Number(i), i == 0 ? "instances/i/databases/a"
                                                                    : "instances/i/databases/b"};
                                }),
                        kInventory, &sheets);
  ASSERT_TRUE(checked.result());
  EXPECT_EQ(sheets.loads, 1);
  ASSERT_EQ(checked.result()->sheets().size(), 1u);
  const Sheet& sheet = checked.result()->sheet(checked.result()->spec(SpecIndex(1)).sheet);
  EXPECT_EQ(sheet.sha256, base::Sha256Hex("SELECT 1; SELECT 2"));
  ASSERT_NE(sheet.SplitFor(sql::Dialect::kPostgres), nullptr);
  EXPECT_EQ(sheet.SplitFor(sql::Dialect::kPostgres)->statements.size(), 2u);
  EXPECT_EQ(sheet.SplitFor(sql::Dialect::kMysql), nullptr);
}

TEST(CheckedPlan, DoesNotExistBesideAnError) {
  EXPECT_FALSE(Checked(OneStep(1, [](std::size_t) { return SpecText{""}; })).result());
  // An error of the decoder counts too.
  EXPECT_FALSE(Checked(R"({"titel":"", "steps":[{"specs":[)" + Text({"1"}) + "]}]}").result());
}

// ---- large plans: each of these is quadratic when done naively ----

TEST(LargePlan, OneIdForAll) {
  const Checked checked(OneStep(kMost, [](std::size_t i) { return SpecText{"x", Database(i)}; }));
  EXPECT_EQ(checked.Count(Rule::kDuplicateSpecId), kMost - 1);
}

TEST(LargePlan, LongChain) {
  const Checked checked(OneStep(kMost, [](std::size_t i) {
    return SpecText{Number(i), "instances/i/databases/d", Number(i), i > 0 ? Quoted(i - 1) : ""};
  }));
  EXPECT_TRUE(checked.result());
  EXPECT_EQ(checked.Count(Rule::kUnorderedOnDatabase), 0u);
}

TEST(LargePlan, LongChainUpwards) {
  const Checked checked(OneStep(kMany, [](std::size_t i) {
    return SpecText{Number(i), "instances/i/databases/d", Number(i),
                    i + 1 < kMany ? Quoted(i + 1) : ""};
  }));
  EXPECT_TRUE(checked.result());
  EXPECT_EQ(checked.Count(Rule::kForwardDependency), kMany - 1);
}

TEST(LargePlan, LongCircle) {
  const Checked checked(OneStep(kMost, [](std::size_t i) {
    return SpecText{Number(i), Database(i), Number(i), Quoted((i + 1) % kMost)};
  }));
  ASSERT_EQ(checked.Count(Rule::kDependencyCycle), 1u);
  EXPECT_EQ(checked.First(Rule::kDependencyCycle).related.size(), kMost);
  EXPECT_LT(checked.First(Rule::kDependencyCycle).message.size(), 300u);
}

TEST(LargePlan, CompleteGraph) {
  constexpr std::size_t kNodes = 700;
  const Checked checked(OneStep(kNodes, [](std::size_t i) {
    std::string list;
    for (std::size_t j = 0; j < i; ++j) list += (j > 0 ? "," : "") + Quoted(j);
    return SpecText{Number(i), "instances/i/databases/d", Number(i), list};
  }));
  EXPECT_TRUE(checked.result());
  EXPECT_EQ(checked.Count(Rule::kUnorderedOnDatabase), 0u);
}

TEST(LargePlan, OneSpecThatWaitsForAllOthersManyTimes) {
  const Checked checked(OneStep(1000, [](std::size_t i) {
    std::string list;
    for (std::size_t j = 0; i == 999 && j < kMany; ++j)
      list += (j > 0 ? "," : "") + Quoted(j % 999);
    return SpecText{Number(i), Database(i), Number(i), list};
  }));
  EXPECT_EQ(checked.Count(Rule::kDuplicateDependency), kMany - 999);
}

TEST(LargePlan, UnknownNamesEverywhere) {
  std::string inventory =
      R"({"instances":[{"name":"instances/i","engine":"POSTGRES","databases":[)";
  for (std::size_t i = 0; i < 10'000; ++i) {
    inventory += (i > 0 ? "," : "") + std::string(R"({"name":"instances/i/databases/known)") +
                 Number(i) + "\"}";
  }
  const Checked checked(OneStep(kMany,
                                [](std::size_t i) {
                                  return SpecText{Number(i),
                                                  "instances/i/databases/knwon" + Number(i),
                                                  Number(i), "\"nobody" + Number(i) + "\""};
                                }),
                        inventory + "]}]}");
  EXPECT_EQ(checked.Count(Rule::kUnknownDatabase), kMany);
  EXPECT_EQ(checked.Count(Rule::kUnknownDependency), kMany);
}

TEST(LargePlan, OneDatabaseForAll) {
  const Checked checked(OneStep(kMany, [](std::size_t i) {
    return SpecText{Number(i), "instances/i/databases/d", "1"};
  }));
  EXPECT_EQ(checked.Count(Rule::kUnorderedOnDatabase), 1u);
  EXPECT_EQ(checked.Count(Rule::kSameChangeTwice), kMany - 1);
}

TEST(LargePlan, VersionsBackwards) {
  const Checked checked(OneStep(kMany, [](std::size_t i) {
    return SpecText{Number(i), "instances/i/databases/d", Number(i), i > 0 ? Quoted(i - 1) : "",
                    R"(,"schemaVersion":")" + Number(kMany - i) + '"'};
  }));
  EXPECT_EQ(checked.Count(Rule::kVersionDeadlock), 1u);
}

TEST(LargePlan, TwoVersionsForAll) {
  const Checked checked(OneStep(kMany, [](std::size_t i) {
    return SpecText{Number(i), "instances/i/databases/d", Number(i), "",
                    i % 2 == 0 ? R"(,"schemaVersion":"1")" : R"(,"schemaVersion":"2")"};
  }));
  EXPECT_EQ(checked.Count(Rule::kDuplicateVersion), kMany - 2);
}

TEST(LargePlan, NamesThatAreLongAreCut) {
  const Checked checked(OneStep(2, [](std::size_t i) {
    return SpecText{std::string(i == 0 ? 1'000'000 : 10, 'x'), std::string(1'000'000, 'y'), "1",
                    '"' + std::string(1'000'000, 'z') + '"'};
  }));
  for (const Diagnostic& found : checked.found()) EXPECT_LT(found.message.size(), 1000u);
}

// ---- sheets too large for the corpus ----

TEST(Sheets, LimitsOfSize) {
  inventory::InlineSheets sheets;
  sheets.Add("projects/p/sheets/1", std::string((2u << 20) + 1, ' ') + "UPDATE t SET a = 1");
  sheets.Add("projects/p/sheets/2", "UPDATE t SET a = 1");
  sheets.Add("projects/p/sheets/3", "SELECT 1;" + std::string(100u << 20, ' '));
  const auto with_backup = [](std::size_t i) {
    return SpecText{
        Number(i), "instances/i/databases/" + std::string(1, static_cast<char>('a' + i)),
        Number(i + 1), "",
        R"(,"type":"DATA","preUpdateBackupDetail":{"database":"instances/i/databases/x"})"};
  };
  std::string plan = OneStep(2, with_backup);
  for (std::size_t at; (at = plan.find(R"("type":"MIGRATE",)")) != plan.npos;) plan.erase(at, 17);
  const Checked small(plan, kInventory, &sheets);
  ASSERT_EQ(small.Count(Rule::kSheetTooLargeForBackup), 1u);
  EXPECT_EQ(small.Count(Rule::kSheetTooLarge), 0u);
  const Checked large(OneStep(1,
                              [](std::size_t) {
                                return SpecText{"1", "instances/i/databases/a", "3"};
                              }),
                      kInventory, &sheets);
  EXPECT_EQ(large.Count(Rule::kSheetTooLarge), 1u);
}

}  // namespace
}  // namespace lockstep::check
