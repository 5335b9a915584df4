// validate, simulate, statements: documents in, answers out.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/e2e/program.h"
#include "tests/has.h"

namespace lockstep::e2e {
namespace {

void CopyExample(const Folder& folder) {
  std::filesystem::copy(LOCKSTEP_SOURCE_DIR "/native/example", folder.path(),
                        std::filesystem::copy_options::recursive);
}

constexpr const char* kCycle = R"({"steps": [{"specs": [
  {"id": "a", "dependsOnSpecs": ["b"],
   "changeDatabaseConfig": {"target": "instances/i/databases/d", "sheet": "projects/p/sheets/1", "type": "MIGRATE"}},
  {"id": "b", "dependsOnSpecs": ["a"],
   "changeDatabaseConfig": {"target": "instances/i/databases/d", "sheet": "projects/p/sheets/1", "type": "MIGRATE"}}
]}]})";

TEST(Validate, TheExampleIsFine) {
  Folder folder;
  CopyExample(folder);
  const Ended ended = Lockstep(folder, {"validate", "plan.json"});
  EXPECT_EQ(ended.code, 0) << ended.out;
  EXPECT_EQ(ended.out, "no findings\n");
  EXPECT_EQ(ended.err, "");
}

TEST(Validate, EveryFormatTellsTheSameFindings) {
  Folder folder;
  folder.Write("plan.json", kCycle);
  const Ended text = Lockstep(folder, {"validate", "plan.json"});
  EXPECT_EQ(text.code, 1);
  EXPECT_TRUE(Has(text.out, "plan.json:")) << text.out;
  EXPECT_TRUE(Has(text.out, "^"));
  EXPECT_FALSE(Has(text.out, "\x1b"));
  EXPECT_TRUE(Has(text.out, "dependency-cycle")) << text.out;

  const Ended json = Lockstep(folder, {"validate", "plan.json", "--format", "json"});
  EXPECT_EQ(json.code, 1);
  EXPECT_EQ(json.out.rfind("{\"diagnostics\":[", 0), 0u);
  EXPECT_TRUE(Has(json.out, "\"slug\":\"dependency-cycle\""));

  const Ended sarif = Lockstep(folder, {"validate", "plan.json", "--format", "sarif"});
  EXPECT_EQ(sarif.code, 1);
  EXPECT_TRUE(Has(sarif.out, "\"2.1.0\""));

  const Ended github = Lockstep(folder, {"validate", "plan.json", "--format", "github"});
  EXPECT_EQ(github.code, 1);
  EXPECT_TRUE(Has(github.out, "::error file=plan.json,line="));
  const Ended actions =
      Lockstep(folder, {"validate", "plan.json"}, "", {{"GITHUB_ACTIONS", "true"}});
  EXPECT_EQ(actions.out, github.out);
  const Ended chosen = Lockstep(folder, {"validate", "plan.json", "--format", "text"}, "",
                                {{"GITHUB_ACTIONS", "true"}});
  EXPECT_EQ(chosen.out, text.out);
}

TEST(Validate, SeveralPlansAndStandardInputInOneAnswer) {
  Folder folder;
  folder.Write("a.json", kCycle);
  folder.Write("b.json", "{");
  const Ended ended =
      Lockstep(folder, {"validate", "a.json", "-", "b.json", "--format", "json"}, "[]");
  EXPECT_EQ(ended.code, 1);
  EXPECT_TRUE(Has(ended.out, "\"file\":\"a.json\""));
  EXPECT_TRUE(Has(ended.out, "\"file\":\"b.json\""));
  EXPECT_TRUE(Has(ended.out, "\"file\":\"<stdin>\""));
}

TEST(Validate, OneMissingPlanHidesNoFindingsAndASharedInventoryIsToldOnce) {
  const Folder folder;
  folder.Write("a.json", "[]");
  folder.Write("b.json", "[]");
  folder.Write("inventory.json", R"({"instanses": []})");
  const Ended ended = Lockstep(folder, {"validate", "a.json", "missing.json", "b.json"});
  EXPECT_EQ(ended.code, 2);
  EXPECT_TRUE(Has(ended.err, "missing.json")) << ended.err;
  EXPECT_TRUE(Has(ended.out, "a.json:1:1")) << ended.out;
  EXPECT_TRUE(Has(ended.out, "b.json:1:1")) << ended.out;
  const std::size_t first = ended.out.find("instanses");
  EXPECT_EQ(ended.out.find("inventory.json:", ended.out.find("\n", first)), std::string::npos)
      << ended.out;
}

TEST(Validate, RulesCanBeSwitchedAndLeniencyAsked) {
  Folder folder;
  folder.Write("plan.json", kCycle);
  EXPECT_TRUE(Has(Lockstep(folder, {"validate", "plan.json"}).out, "warning[LS406"));
  EXPECT_TRUE(
      Has(Lockstep(folder, {"validate", "plan.json", "--rule", "ls406=error"}).out, "error[LS406"));
  EXPECT_FALSE(Has(
      Lockstep(folder, {"validate", "plan.json", "--rule", "same-change-twice=off"}).out, "LS406"));
  folder.Write("odd.json", R"({"steps": [], "titel": "x", "specs": []})");
  const Ended strict = Lockstep(folder, {"validate", "odd.json"});
  EXPECT_TRUE(Has(strict.out, "did you mean \"title\"")) << strict.out;
  const Ended lenient = Lockstep(folder, {"validate", "odd.json", "--lenient"});
  EXPECT_TRUE(Has(lenient.out, "warning[LS101")) << lenient.out;
}

TEST(Validate, NothingBreaksIt) {
  Folder folder;
  const std::pair<const char*, std::string> documents[] = {
      {"empty", ""},
      {"zeros", std::string(1000, '\0')},
      {"deep", std::string(100'000, '[')},
      {"latin1", "{\"title\": \"\xe4\"}"},
      {"surrogate", R"({"title": "\ud800"})"},
      {"utf16", std::string("\xff\xfe{\0}\0", 6)},
      {"twice", R"({"steps": [], "steps": []})"},
      {"number", R"({"steps": 1e999})"},
      {"text", "hello"},
      {"holes", R"({"steps": [{"title": "step 2", "specs": [{...}, {...}]}]})"},
      {"escape", "{\"title\": \"\x1b[31m\"}"},
  };
  for (const auto& [name, text] : documents) {
    folder.Write(name, text);
    const Ended ended = Lockstep(folder, {"validate", name});
    EXPECT_EQ(ended.code, 1) << name << ended.out << ended.err;
    EXPECT_TRUE(Has(ended.out, std::string(name) + ":")) << name << ended.out;
    EXPECT_FALSE(Has(ended.out, "\x1b")) << name << " reached the terminal";
  }
}

TEST(Validate, AFileThatIsTooLargeIsNotRead) {
  Folder folder;
  folder.Write("huge.json", "{");
  std::filesystem::resize_file(folder / "huge.json", 1ull << 30);
  const Ended ended = Lockstep(folder, {"validate", "huge.json"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_TRUE(Has(ended.out, "document-too-large")) << ended.out.substr(0, 1000);
}

TEST(Simulate, ShowsTheScheduleInEveryFormat) {
  Folder folder;
  CopyExample(folder);
  const Words when = {"--start", "2026-11-22T01:00:00Z"};
  const auto simulate = [&](const std::string& format) {
    return Lockstep(
        folder, {"simulate", "plan.json", "--start", "2026-11-22T01:00:00Z", "--format", format});
  };
  const Ended text = simulate("text");
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_TRUE(Has(text.out, "6 tasks in 2 stages on 3 databases")) << text.out;
  EXPECT_TRUE(Has(text.out, "critical path:"));
  const Ended json = simulate("json");
  EXPECT_TRUE(Has(json.out, "\"makespan\":4000")) << json.out;
  EXPECT_TRUE(Has(json.out, "\"criticalPath\":["));
  const Ended events = simulate("events");
  EXPECT_EQ(events.out.rfind("{\"sequence\":1,", 0), 0u) << events.out;
  EXPECT_TRUE(Has(events.out, "\"type\":\"rollout_ended\""));
  EXPECT_EQ(simulate("json").out, json.out);
}

TEST(Simulate, ScenarioAndParallelChangeTheSchedule) {
  Folder folder;
  CopyExample(folder);
  folder.Write("slow.json",
               R"({"start": "2026-11-22T01:00:00Z", "durations": {"default": "10s"}})");
  const Ended slow =
      Lockstep(folder, {"simulate", "plan.json", "--scenario", "slow.json", "--format", "json"});
  EXPECT_TRUE(Has(slow.out, "\"makespan\":40000")) << slow.out << slow.err;
  const Ended alone = Lockstep(folder, {"simulate", "plan.json", "--scenario", "slow.json",
                                        "--parallel", "1", "--format", "json"});
  EXPECT_TRUE(Has(alone.out, "\"makespan\":60000")) << alone.out;
  EXPECT_TRUE(Has(alone.out, "\"cause\":\"parallel\"")) << alone.out;
}

TEST(Simulate, AnInvalidPlanIsExit3) {
  Folder folder;
  folder.Write("plan.json", kCycle);
  const Ended ended = Lockstep(folder, {"simulate", "plan.json"});
  EXPECT_EQ(ended.code, 3);
  EXPECT_EQ(ended.out, "");
  EXPECT_TRUE(Has(ended.err, "dependency-cycle"));
}

TEST(Statements, ShowsPlacesAndClasses) {
  Folder folder;
  folder.Write("s.sql", "CREATE TABLE a(x);\n-- a note\nINSERT INTO a VALUES (';');\n");
  const Ended text = Lockstep(folder, {"statements", "s.sql", "--engine", "sqlite"});
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_TRUE(Has(text.out, "3:1")) << text.out;
  const Ended json =
      Lockstep(folder, {"statements", "-", "--engine", "SQLITE", "--format", "json"}, "SELECT 1;");
  EXPECT_TRUE(Has(json.out, "{\"statements\":[{\"text\":\"SELECT 1\",\"class\":\"QUERY\""))
      << json.out;
  const Ended bad = Lockstep(folder, {"statements", "-", "--engine", "SQLITE"}, ".shell ls\n");
  EXPECT_EQ(bad.code, 1) << bad.out;
}

}  // namespace
}  // namespace lockstep::e2e
