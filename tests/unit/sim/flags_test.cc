// A scenario's parts as short as a command line has them.
#include "core/sim/flags.h"

#include <gtest/gtest.h>

#include "tests/unit/rollout_builder.h"

namespace lockstep::sim {
namespace {

using base::Seconds;
using rollout::DatabaseIndex;
using rollout::InstanceIndex;
using rollout::Rollout;

/// Tasks 1 to 4: fill-users on prod-eu/hr and prod-us/hr, 5a90c3f4-… on prod-eu/crm, and one of
/// 5a91… that creates a database on prod-us.
Rollout Named() {
  RolloutBuilder builder;
  builder.AddInstance();
  builder.AddInstance();
  builder.AddDatabase(InstanceIndex(0));
  builder.AddDatabase(InstanceIndex(1));
  builder.AddDatabase(InstanceIndex(0));
  builder.AddStage();
  const rollout::GroupIndex fill = builder.AddGroup();
  builder.AddTask(fill, DatabaseIndex(0));
  builder.AddTask(fill, DatabaseIndex(1));
  builder.AddTask(DatabaseIndex(2));
  builder.task(builder.AddTask(DatabaseIndex(1))).database = DatabaseIndex();
  Rollout rollout = builder.Build();
  rollout.instances[InstanceIndex(0)].name = "instances/prod-eu";
  rollout.instances[InstanceIndex(1)].name = "instances/prod-us";
  rollout.databases[DatabaseIndex(0)].name = "instances/prod-eu/databases/hr";
  rollout.databases[DatabaseIndex(1)].name = "instances/prod-us/databases/hr";
  rollout.databases[DatabaseIndex(2)].name = "instances/prod-eu/databases/crm";
  rollout.spec_ids = {"fill-users", "5a90c3f4-1", "5a91c3f4-1"};
  return rollout;
}

class Flags : public testing::Test {
 protected:
  /// "" or what is wrong.
  std::string Add(Flag flag, std::string_view text) {
    const base::Status added = AddFlag(scenario_, rollout_, flag, text);
    if (added.ok()) return "";
    EXPECT_EQ(added.error().code, base::ErrorCode::kInvalidArgument);
    return added.error().message;
  }
  /// "spec @ target" of a name.
  std::string Selected(std::string_view which) {
    scenario_ = {};
    const std::string wrong = Add(Flag::kFail, which);
    if (!wrong.empty()) return wrong;
    const Scenario::Selector& selector = scenario_.failures.at(0).selector;
    return selector.spec + " @ " + selector.target;
  }

  Rollout rollout_ = Named();
  Scenario scenario_;
};

TEST_F(Flags, TasksAsPeopleSeeThem) {
  EXPECT_EQ(Selected("1"), "fill-users @ instances/prod-eu/databases/hr");
  EXPECT_EQ(Selected("3"), "5a90c3f4-1 @ instances/prod-eu/databases/crm");
  EXPECT_EQ(Selected("4"), "5a91c3f4-1 @ instances/prod-us") << "it has no database yet";
  EXPECT_EQ(Selected("fill-users"), "fill-users @ ");
  EXPECT_EQ(Selected("fi"), "fill-users @ ");
  EXPECT_EQ(Selected("5a90"), "5a90c3f4-1 @ ");
  EXPECT_EQ(Selected("instances/prod-us/databases/hr"), " @ instances/prod-us/databases/hr");
  EXPECT_EQ(Selected("prod-us/hr"), " @ instances/prod-us/databases/hr");
  EXPECT_EQ(Selected("crm"), " @ instances/prod-eu/databases/crm");
  EXPECT_EQ(Selected("instances/prod-eu"), " @ instances/prod-eu");
  EXPECT_EQ(Selected("prod-eu"), " @ instances/prod-eu");
  EXPECT_EQ(Selected("fill@prod-us"), "fill-users @ instances/prod-us");
  EXPECT_EQ(Selected("fill-users@prod-eu/hr"), "fill-users @ instances/prod-eu/databases/hr");
}

TEST_F(Flags, WhatFitsSeveralIsRefused) {
  EXPECT_EQ(Selected("hr"), "\"hr\" fits several; write the whole name");
  EXPECT_EQ(Selected("5a9"), "\"5a9\" fits several; write the whole name");
  EXPECT_EQ(Selected("fill@hr"), "\"fill@hr\" fits several; write the whole name");
}

TEST_F(Flags, WhatFitsNobodyIsRefused) {
  EXPECT_EQ(Selected("fill-user s"),
            "there is no task, spec or target \"fill-user s\"; did you mean \"fill-users\"?");
  EXPECT_EQ(Selected("crn"), "there is no task, spec or target \"crn\"; did you mean \"crm\"?");
  EXPECT_EQ(Selected("prod-ez"),
            "there is no task, spec or target \"prod-ez\"; did you mean \"prod-eu\"?");
  for (const char* none : {"", "0", "99", "nothing-like-it", "fill@nothing-like-it", "@"}) {
    EXPECT_EQ(Selected(none), "there is no task, spec or target \"" + std::string(none) + "\"");
  }
  EXPECT_TRUE(scenario_.failures.empty());
}

TEST_F(Flags, Failures) {
  EXPECT_EQ(Add(Flag::kFail, "crm"), "");
  EXPECT_EQ(Add(Flag::kFail, "crm=always"), "");
  EXPECT_EQ(Add(Flag::kFail, "crm=20%"), "");
  ASSERT_EQ(scenario_.failures.size(), 3u);
  EXPECT_EQ(scenario_.failures[0].attempts, 1u);
  EXPECT_EQ(scenario_.failures[0].probability, Scenario::kCertain);
  EXPECT_EQ(scenario_.failures[1].attempts, Scenario::kAlways);
  EXPECT_EQ(scenario_.failures[2].attempts, 1u);
  EXPECT_EQ(scenario_.failures[2].probability, 200'000u);
  EXPECT_EQ(Add(Flag::kFail, "crm=often"),
            "\"often\" is neither \"always\" nor a probability such as 20%");
  EXPECT_EQ(scenario_.failures.size(), 3u);
}

TEST_F(Flags, DelaysLocksAndOutages) {
  EXPECT_EQ(Add(Flag::kDelay, "crm=5m"), "");
  EXPECT_EQ(scenario_.delays.at(0).by, Seconds(300));
  EXPECT_EQ(Add(Flag::kLock, "crm=10m-20m"), "");
  EXPECT_EQ(scenario_.locks.at(0).selector.target, "instances/prod-eu/databases/crm");
  EXPECT_EQ(scenario_.locks.at(0).from, Seconds(600));
  EXPECT_EQ(scenario_.locks.at(0).to, Seconds(1200));
  EXPECT_EQ(scenario_.locks.at(0).timeout.ms, -1);
  EXPECT_EQ(Add(Flag::kDown, "prod-eu=1h-90m"), "");
  EXPECT_EQ(scenario_.outages.at(0).instance, "instances/prod-eu");
  EXPECT_EQ(scenario_.outages.at(0).to, Seconds(5400));

  EXPECT_EQ(Add(Flag::kDelay, "crm"), "\"\" is not a length of time such as 5m");
  EXPECT_EQ(Add(Flag::kDelay, "crm=soon"), "\"soon\" is not a length of time such as 5m");
  for (const char* wrong : {"10m", "10m-", "-10m", "20m-10m", "10m-10m", "a-b", "1m-2m-3m"}) {
    const std::string why =
        "\"" + std::string(wrong) +
        "\" is not from one time to a later one, counted from the start, such as 10m-30m";
    EXPECT_EQ(Add(Flag::kLock, "crm=" + std::string(wrong)), why);
    EXPECT_EQ(Add(Flag::kDown, "prod-eu=" + std::string(wrong)), why);
  }
}

TEST_F(Flags, Commands) {
  using Kind = Scenario::Command::Kind;
  EXPECT_EQ(Add(Flag::kRetry, "fill=15m"), "");
  EXPECT_EQ(Add(Flag::kSkip, "2"), "");
  EXPECT_EQ(Add(Flag::kCancel, "prod-eu=500ms"), "");
  ASSERT_EQ(scenario_.commands.size(), 3u);
  EXPECT_EQ(scenario_.commands[0].kind, Kind::kRetry);
  EXPECT_EQ(scenario_.commands[0].at, Seconds(900));
  EXPECT_EQ(scenario_.commands[0].tasks.at(0).spec, "fill-users");
  EXPECT_EQ(scenario_.commands[1].kind, Kind::kSkip);
  EXPECT_EQ(scenario_.commands[1].at, Seconds(0));
  EXPECT_EQ(scenario_.commands[2].kind, Kind::kCancel);
  EXPECT_EQ(scenario_.commands[2].at, base::Milliseconds(500));
  EXPECT_EQ(Add(Flag::kSkip, "2=noon"),
            "\"noon\" is not a time, counted from the start, such as 10m");
}

TEST_F(Flags, Connections) {
  EXPECT_EQ(Add(Flag::kConnections, "prod-eu=3"), "");
  EXPECT_EQ(Add(Flag::kConnections, "instances/prod-us=4"), "");
  EXPECT_EQ(
      scenario_.maximum_connections,
      (std::map<std::string, std::uint32_t>{{"instances/prod-eu", 3}, {"instances/prod-us", 4}}));
  for (const char* wrong : {"0", "", "-1", "many", "3.5", "99999999999"}) {
    EXPECT_EQ(Add(Flag::kConnections, "prod-eu=" + std::string(wrong)),
              "\"" + std::string(wrong) + "\" is not a number of connections");
  }
  EXPECT_EQ(Add(Flag::kConnections, "prod-ez=3"),
            "no task of the rollout is on an instance \"prod-ez\"; did you mean \"prod-eu\"?");
  EXPECT_EQ(Add(Flag::kDown, "crm=1m-2m"), "no task of the rollout is on an instance \"crm\"");
}

}  // namespace
}  // namespace lockstep::sim
