// What a ledger's objects promise, of a file and of a server alike.
#pragma once

#include <gtest/gtest.h>

#include "native/ledger/lease.h"
#include "native/ledger/objects.h"

namespace lockstep::tests {

inline void TryObjects(ledger::Ledger& ledger, ledger::Ledger& other) {
  using ledger::Object;
  using Kind = Object::Kind;
  ledger::Objects objects(ledger);
  const base::Instant now{1'795'000'000'000};
  const Object draft{.kind = Kind::kSheet,
                     .project = "p",
                     .parent = "",
                     .created = now,
                     .updated = now,
                     .json = "{\"title\":\"Straße\"}"};
  const std::string bytes("a\0\\b\xff", 5);
  const auto sheet = objects.Create(draft, bytes);
  ASSERT_TRUE(sheet.ok()) << sheet.error().message;
  EXPECT_EQ(sheet->number, 101);
  EXPECT_EQ(*objects.Bytes(Kind::kSheet, 101), bytes);
  Object plan = draft;
  plan.kind = Kind::kPlan;
  EXPECT_EQ(objects.Create(plan)->number, 101) << "each kind has its own numbers";
  EXPECT_EQ(*objects.Bytes(Kind::kPlan, 101), "") << "it has none";
  EXPECT_EQ(**objects.FindBytes(Kind::kSheet, "p", 101), bytes);
  EXPECT_EQ(**objects.FindBytes(Kind::kPlan, "p", 101), "");
  EXPECT_FALSE(objects.FindBytes(Kind::kSheet, "q", 101)->has_value()) << "of another project";
  EXPECT_FALSE(objects.FindBytes(Kind::kSheet, "p", 999)->has_value());
  Object issue = draft;
  issue.kind = Kind::kIssue;
  issue.parent = "projects/p/plans/101";
  issue.project = "q";
  ASSERT_TRUE(objects.CreateAll({{issue, {}}, {issue, {}}}).ok());
  EXPECT_EQ(objects.List(Kind::kIssue, "")->size(), 2u);
  EXPECT_EQ(objects.List(Kind::kIssue, "", issue.parent)->front().number, 102) << "newest first";
  EXPECT_EQ(objects.List(Kind::kIssue, "p")->size(), 0u);
  EXPECT_EQ(*objects.Numbers(Kind::kIssue, "q"), (std::vector<std::int64_t>{102, 101}));
  EXPECT_EQ(objects.Numbers(Kind::kIssue, "p")->size(), 0u);
  EXPECT_EQ(*objects.Size(Kind::kSheet, 101), 5u);
  EXPECT_EQ(*objects.Size(Kind::kIssue, 101), 0u);
  EXPECT_FALSE(objects.Get(Kind::kIssue, 999)->has_value());

  ledger::Objects others(other);
  Object theirs = **others.Get(Kind::kSheet, 101);
  EXPECT_EQ(theirs.json, draft.json);
  Object ours = theirs;
  theirs.json = "{}";
  EXPECT_TRUE(others.Update(theirs, "new").ok());
  EXPECT_EQ(objects.Update(ours).error().code, base::ErrorCode::kUnavailable)
      << "what was read has changed since";
  EXPECT_EQ(*objects.Bytes(Kind::kSheet, 101), "new");
  EXPECT_EQ(**objects.FindBytes(Kind::kSheet, "p", 101), "new");
  EXPECT_EQ((*objects.Get(Kind::kSheet, 101))->revision, 2);

  std::vector<Object> several = *objects.List(Kind::kIssue, "");
  for (Object& one : several) one.json = "{\"status\":\"DONE\"}";
  several[1].revision = 7;
  EXPECT_EQ(objects.UpdateAll(several).error().code, base::ErrorCode::kUnavailable);
  EXPECT_EQ((*objects.Get(Kind::kIssue, several[0].number))->json, draft.json) << "all or none";
  several[1].revision = 1;
  EXPECT_TRUE(objects.UpdateAll(several).ok());
  EXPECT_EQ((*objects.Get(Kind::kIssue, several[1].number))->revision, 2);

  ledger::NewRollout rollout{.project = "p",
                             .digest = "d",
                             .title = "",
                             .created = now,
                             .options = {{ledger::kPlanOption, "projects/p/plans/101"}},
                             .documents = {{ledger::Document::Role::kPlan, "plan", "plan", "{}"}}};
  // Whoever comes first, a change of the plan or its rollout: the other one is told.
  const Object before = **objects.Get(Kind::kPlan, 101);
  Object changed = before;
  changed.json = "{\"steps\":[]}";
  EXPECT_TRUE(others.Update(changed).ok());
  rollout.plan = ledger::PlanRevision{before.number, before.revision};
  EXPECT_EQ(ledger.Create(rollout).error().code, base::ErrorCode::kUnavailable)
      << "what it is made of is no longer the plan";
  changed = **objects.Get(Kind::kPlan, 101);
  rollout.plan->revision = changed.revision;
  const auto created = ledger.Create(rollout);
  ASSERT_TRUE(created.ok()) << created.error().message;
  EXPECT_EQ(others.Update(changed).error().code, base::ErrorCode::kUnavailable)
      << "who read the plan before it had a rollout would not change that";
  rollout.digest = "e";
  EXPECT_EQ(ledger.Create(rollout)->id, created->id) << "a plan has one rollout";
  EXPECT_EQ((*ledger.FindByPlan("projects/p/plans/101"))->id, created->id);
  EXPECT_FALSE(ledger.FindByPlan("projects/p/plans/102")->has_value());
  EXPECT_TRUE(ledger.SetOption(created->id, "stages", "1").ok());
  EXPECT_TRUE(ledger.SetOption(created->id, "stages", "2").ok());
  EXPECT_EQ(ledger.Find("")->options["stages"], "2");

  // A plan and its rollout change together, and what was asked of the one before is not done.
  const auto lease = ledger::Lease::Acquire(ledger, created->id, now);
  ASSERT_TRUE(lease.ok()) << lease.error().message;
  ledger::Revision revision{.rollout = created->id,
                            .digest = "new",
                            .documents = {{ledger::Document::Role::kSheet, "s", "s", "SELECT 1"}},
                            .check = [] {
                              return base::Error{base::ErrorCode::kFailedPrecondition, "no"};
                            }};
  EXPECT_EQ(objects.UpdatePlan(changed, revision).error().code,
            base::ErrorCode::kFailedPrecondition);
  revision.check = [] { return base::Status(); };
  EXPECT_EQ(objects.UpdatePlan(changed, revision).error().code, base::ErrorCode::kUnavailable)
      << "the rollout was made since it was read";
  EXPECT_EQ(other.Find("")->digest, "d");
  changed = **objects.Get(Kind::kPlan, 101);
  changed.json = "{\"steps\":[1]}";
  EXPECT_TRUE(objects.UpdatePlan(changed, revision).ok());
  EXPECT_EQ((*others.Get(Kind::kPlan, 101))->json, changed.json);
  EXPECT_EQ(other.Documents(created->id)->front().bytes, "SELECT 1");
  EXPECT_EQ(other.Find("")->digest, "new");
  const ledger::Command run{
      .kind = ledger::Command::Kind::kRun, .tasks = {"t"}, .reason = "", .created = now};
  EXPECT_EQ(other.AddCommand(created->id, run, "d").error().code, base::ErrorCode::kUnavailable);
  EXPECT_TRUE(other.PendingCommands(created->id)->empty());
  EXPECT_TRUE(other.AddCommand(created->id, run, "new").ok());
  const ledger::Ledger::Turn asked{.digest = "d", .status = "RUNNING"};
  EXPECT_EQ(ledger.Append(created->id, asked).error().code, base::ErrorCode::kUnavailable);
}

}  // namespace lockstep::tests
