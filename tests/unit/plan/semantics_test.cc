#include "core/plan/semantics.h"

#include <gtest/gtest.h>

namespace lockstep::plan {
namespace {

TEST(Semantics, DocumentedIsTheDefault) {
  const Semantics& documented = DocumentedSemantics();
  EXPECT_EQ(documented.name, "documented");
  EXPECT_EQ(documented.stages_from_for_steps, StagesFrom::kSteps);
  EXPECT_EQ(documented.stage_gate, StageGate::kPreviousEnded);
  EXPECT_EQ(documented.version_order, VersionOrder::kNumericParts);
  EXPECT_TRUE(documented.serial_data_tasks);
  EXPECT_FALSE(documented.ghost_is_two_tasks);
  EXPECT_FALSE(documented.vcs_source_chains);
}

TEST(Semantics, TheServerOfFebruary2025DiffersInEverySwitch) {
  const auto server = FindSemantics("bytebase-3.4");
  ASSERT_TRUE(server);
  EXPECT_EQ(server->stages_from_for_steps, StagesFrom::kEnvironments);
  EXPECT_EQ(server->stage_gate, StageGate::kNone);
  EXPECT_EQ(server->version_order, VersionOrder::kText);
  EXPECT_FALSE(server->serial_data_tasks);
  EXPECT_TRUE(server->ghost_is_two_tasks);
  EXPECT_TRUE(server->vcs_source_chains);
}

TEST(Semantics, EveryNameLeadsToItsSet) {
  ASSERT_EQ(SemanticsNames().size(), 2u);
  for (const std::string_view name : SemanticsNames()) {
    const auto semantics = FindSemantics(name);
    ASSERT_TRUE(semantics) << name;
    EXPECT_EQ(semantics->name, name);
  }
  EXPECT_FALSE(FindSemantics("bytebase-3.5"));
  EXPECT_FALSE(FindSemantics(""));
}

}  // namespace
}  // namespace lockstep::plan
