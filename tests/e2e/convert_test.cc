// convert: the document on standard output, what it lost on standard error.
#include <gtest/gtest.h>

#include "tests/e2e/program.h"
#include "tests/has.h"

namespace lockstep::e2e {
namespace {

constexpr const char* kTwoStages = R"({
  "environments": [{"name": "environments/test"}, {"name": "environments/prod"}],
  "instances": [
    {"name": "instances/t", "engine": "SQLITE", "environment": "environments/test",
     "dataSources": [{"type": "ADMIN", "host": "data"}],
     "databases": [{"name": "instances/t/databases/hr"}]},
    {"name": "instances/p", "engine": "SQLITE", "environment": "environments/prod",
     "dataSources": [{"type": "ADMIN", "host": "data"}],
     "databases": [{"name": "instances/p/databases/hr"}]}]})";

constexpr const char* kSteps = R"({"steps": [
  {"specs": [{"id": "a", "changeDatabaseConfig": {"target": "instances/t/databases/hr",
    "sheet": "projects/p/sheets/1", "type": "MIGRATE"}}]},
  {"title": "Production",
   "specs": [{"id": "b", "changeDatabaseConfig": {"target": "instances/p/databases/hr",
    "sheet": "projects/p/sheets/1", "type": "MIGRATE"}}]}]})";

TEST(Convert, ThereAndBackWithOneSchedule) {
  Folder folder;
  folder.Write("inventory.json", kTwoStages);
  folder.Write("plan.json", kSteps);
  folder.Write("sheets/1.sql", "CREATE TABLE t (a int);");
  const Ended flat = Lockstep(folder, {"convert", "plan.json", "-o", "flat.json"});
  EXPECT_EQ(flat.code, 0) << flat.err;
  EXPECT_EQ(flat.out, "");
  EXPECT_EQ(flat.err,
            "plan.json:4:13: lost: the title of the step \"Production\": stages of the "
            "flat form are called as their environments\n");
  EXPECT_EQ(Lockstep(folder, {"validate", "flat.json"}).code, 0);
  const Ended back = Lockstep(folder, {"convert", "flat.json"});
  EXPECT_EQ(back.code, 0) << back.err;
  EXPECT_EQ(back.err, "");
  folder.Write("back.json", back.out);
  EXPECT_EQ(Lockstep(folder, {"validate", "back.json"}).code, 0);
  const auto schedule = [&](const std::string& plan) {
    const std::string out =
        Lockstep(folder, {"simulate", plan, "--start", "2030-01-01T00:00:00Z"}).out;
    return out.substr(0, out.find("digest"));
  };
  EXPECT_TRUE(Has(schedule("flat.json"), "stage 2"));
  EXPECT_EQ(schedule("back.json"), schedule("flat.json"));
  // In the form that it has already.
  EXPECT_EQ(Lockstep(folder, {"convert", "back.json", "--to", "steps"}).out, back.out);
}

TEST(Convert, MergedByItsOption) {
  Folder folder;
  folder.Write("inventory.json", kTwoStages);
  folder.Write("plan.json", kSteps);
  folder.Write("sheets/1.sql", "CREATE TABLE t (a int);");
  const Ended merged = Lockstep(folder, {"convert", "plan.json", "--merge", "-o", "flat.json"});
  EXPECT_TRUE(Has(merged.err, "plan.json:5:21: lost: spec \"b\" becomes targets of spec \"a\""));
  EXPECT_TRUE(Has(folder.Read("flat.json"), "\"instances/p/databases/hr\""));
  EXPECT_FALSE(Has(folder.Read("flat.json"), "\"b\""));
  EXPECT_EQ(Lockstep(folder, {"validate", "flat.json"}).code, 0);
}

TEST(Convert, JsonHoldsBoth) {
  Folder folder;
  folder.Write("plan.json", kSteps);
  const Ended ended = Lockstep(folder, {"convert", "plan.json", "--format", "json"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(ended.err, "");
  EXPECT_EQ(ended.out.rfind("{\"plan\":{\n", 0), 0u) << ended.out;
  EXPECT_TRUE(Has(ended.out, "\"pointer\":\"/steps/1/title\"")) << ended.out;
  // No inventory: nobody knows what the stages would be.
  EXPECT_TRUE(Has(ended.out, "step 2 joins the stage of step 1"));
}

TEST(Convert, APlanWithErrorsIsTold) {
  Folder folder;
  folder.Write("plan.json", R"({"steps": [{"specs": [{"id": "a"}]}]})");
  const Ended ended = Lockstep(folder, {"convert", "plan.json"});
  EXPECT_EQ(ended.code, 3);
  EXPECT_EQ(ended.out, "");
  EXPECT_TRUE(Has(ended.err, "plan.json:1:30: error[")) << ended.err;
}

}  // namespace
}  // namespace lockstep::e2e
