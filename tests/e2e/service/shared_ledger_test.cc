// A server whose ledger is on PostgreSQL, as a whole: the three steps, runners that share the
// ledger, a kill -9 in the middle, and another server that goes on.
#include <cstdlib>

#include "tests/e2e/servers/world.h"
#include "tests/e2e/service/places.h"

namespace lockstep::e2e {
namespace {

TEST(ServeOnASharedLedger, GoesOnWhereAKilledOneWas) {
  tests::Server* const postgres = Postgres();
  if (postgres == nullptr) GTEST_SKIP() << "no server";
  setenv("PGPASSWORD", tests::Server::kPassword, 1);
  postgres->MakeDatabase("ledger");
  const Words flags = {"--ledger", "postgresql://app@/ledger?host=" + postgres->host()};
  const Folder folder;
  WritePlaces(folder);
  Serve first(folder, flags);
  const std::string one = CreateSheet(first, EntrySql("1")),
                    two = CreateSheet(first, EntrySql("2"));
  const std::string plan = CreatePlan(
      first,
      {StepJson({SpecOn("a", "test/databases/hr", one), SpecOn("b", "test/databases/shop", one)}),
       StepJson({SpecOn("c", "prod/databases/hr", two)})});
  const std::string rollout = CreateRollout(first, plan);
  const Reply issue =
      first.Ask("POST", "/v1/projects/sample/issues",
                R"({"title": "t", "type": "DATABASE_CHANGE", "plan": ")" + plan + "\"}");
  ASSERT_EQ(issue.status, 200) << issue.json;
  first.Kill(/*with_runners=*/true);  // wherever it is by now

  Serve second(folder, flags);
  const Reply done = WaitForTasks(second, rollout, "3 DONE");
  EXPECT_EQ(done.Text("plan"), plan) << done.json;
  EXPECT_EQ(second.Get(issue.Text("name")).Text("status"), "DONE");
  EXPECT_EQ(LogOf(folder, "test-hr"), "1");
  EXPECT_EQ(LogOf(folder, "test-shop"), "1");
  EXPECT_EQ(LogOf(folder, "prod-hr"), "2");

  // Both servers work on the same objects; here that is also true of changes.
  Serve third(folder, flags);
  const Reply changed = third.Ask("PATCH", "/v1/" + issue.Text("name"), R"({"title": "u"})");
  EXPECT_EQ(changed.status, 200) << changed.json;
  EXPECT_EQ(second.Get(issue.Text("name")).Text("title"), "u");
  EXPECT_EQ(second.Terminate(), 0);
  EXPECT_EQ(third.Terminate(), 0);
}

}  // namespace
}  // namespace lockstep::e2e
