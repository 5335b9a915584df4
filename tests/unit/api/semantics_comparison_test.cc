#include "core/api/semantics_comparison.h"

#include <gtest/gtest.h>

#include "core/api/workspace.h"

namespace lockstep::api {
namespace {

using Strings = std::vector<std::string>;

constexpr const char* kMysqlStages = R"({
  "environments": [{"name": "environments/test"}, {"name": "environments/prod"}],
  "instances": [
    {"name": "instances/t", "engine": "MYSQL", "environment": "environments/test",
     "databases": [{"name": "instances/t/databases/a"}]},
    {"name": "instances/p", "engine": "MYSQL", "environment": "environments/prod",
     "databases": [{"name": "instances/p/databases/a"}]}]})";

std::string Spec(const std::string& id, const std::string& target, const std::string& more) {
  return R"({"id": ")" + id + R"(", "changeDatabaseConfig": {"target": "instances/)" + target +
         R"(/databases/a", "sheet": "projects/p/sheets/)" + std::to_string(id[0] - 'a' + 1) +
         "\", " + more + "}}";
}

/// "b: version-order" for each task that differs.
class Comparing {
 public:
  explicit Comparing(const std::string& plan) {
    Inputs inputs;
    inputs.plan = diagnostics::Source("plan.json", plan);
    inputs.inventory = diagnostics::Source("inventory.json", kMysqlStages);
    workspace_ = Workspace::Read(std::move(inputs), {});
    if (workspace_->checked() == nullptr) return;
    made_ = CompareSemantics(*workspace_->checked(), {}, {}, *plan::FindSemantics("bytebase-3.4"));
  }
  Strings Differences() const {
    Strings lines;
    for (const auto& difference : made_->differences) {
      const bool here = difference.task.valid();
      const rollout::Rollout& of = here ? made_->rollout : made_->other_rollout;
      std::string line =
          of.spec_ids[of.tasks[here ? difference.task : difference.other].spec] + ":";
      for (const auto* reason : difference.reasons) line += " " + std::string(reason->name);
      lines.push_back(line + (here ? "" : " new") + (difference.other.valid() ? "" : " gone"));
    }
    return lines;
  }
  const SemanticsComparison& made() const { return *made_; }
  bool ok() const { return made_.has_value(); }

 private:
  std::unique_ptr<Workspace> workspace_;
  std::optional<SemanticsComparison> made_;
};

std::string Steps(const Strings& steps) {
  std::string plan = R"({"steps": [)";
  for (std::size_t i = 0; i < steps.size(); ++i)
    plan += std::string(i > 0 ? ", " : "") + R"({"title": "s", "specs": [)" + steps[i] + "]}";
  return plan + "]}";
}

TEST(SemanticsComparison, AStageThatDoesNotWait) {
  const Comparing compared(
      Steps({Spec("a", "t", R"("type": "MIGRATE")"), Spec("b", "p", R"("type": "MIGRATE")")}));
  ASSERT_TRUE(compared.ok());
  EXPECT_EQ(compared.Differences(), Strings{"b: stage-gate"});
  EXPECT_TRUE(compared.made().orders.empty());
  const std::string text = SemanticsText(compared.made());
  EXPECT_NE(text.find("starts at 0 ms under bytebase-3.4, starts at 1 s under documented"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("schedulerv2.go"), std::string::npos) << text;
}

TEST(SemanticsComparison, VersionsAsText) {
  const Comparing compared(
      Steps({Spec("a", "t", R"("type": "MIGRATE", "schemaVersion": "9")") + "," +
             Spec("b", "t", R"("type": "MIGRATE", "schemaVersion": "10")")}));
  ASSERT_TRUE(compared.ok());
  EXPECT_EQ(compared.Differences(), (Strings{"a: version-order", "b: version-order"}));
  ASSERT_EQ(compared.made().orders.size(), 1u);
  EXPECT_EQ(compared.made().orders[0].other,
            (std::vector{rollout::TaskIndex(1), rollout::TaskIndex(0)}));
}

TEST(SemanticsComparison, DataTasksAtOnceAndGhostInTwo) {
  const Comparing data(
      Steps({Spec("a", "t", R"("type": "DATA")") + "," + Spec("b", "t", R"("type": "DATA")")}));
  ASSERT_TRUE(data.ok());
  EXPECT_EQ(data.Differences(), Strings{"b: data-tasks"});
  const Comparing ghost(Steps({Spec("a", "t", R"("type": "MIGRATE_GHOST")")}));
  ASSERT_TRUE(ghost.ok());
  EXPECT_EQ(ghost.Differences(), Strings{"a: gh-ost new"});
}

TEST(SemanticsComparison, NothingDiffers) {
  const Comparing compared(Steps({Spec("a", "t", R"("type": "MIGRATE")")}));
  ASSERT_TRUE(compared.ok());
  EXPECT_TRUE(compared.made().differences.empty());
  EXPECT_NE(SemanticsText(compared.made()).find("no task starts at another time"),
            std::string::npos);
}

// Each switch has to matter to somebody: a set that differs in it alone is told by its name.
TEST(SemanticsComparison, EverySwitchIsListed) {
  const plan::Semantics documented = plan::DocumentedSemantics();
  const plan::Semantics server = *plan::FindSemantics("bytebase-3.4");
  plan::Semantics mixed = documented;
  for (const plan::SemanticsSwitch& one : plan::SemanticsSwitches()) {
    EXPECT_TRUE(one.differs(documented, server)) << one.name;
    one.copy(mixed, server);
  }
  mixed.name = server.name;
  for (const plan::SemanticsSwitch& one : plan::SemanticsSwitches())
    EXPECT_FALSE(one.differs(mixed, server)) << one.name;
}

}  // namespace
}  // namespace lockstep::api
