// Events as JSON lines: what the ledger stores and --events prints.
#include <gtest/gtest.h>

#include "core/rollout/event.h"
#include "tests/unit/rollout_builder.h"

namespace lockstep::rollout {
namespace {

const Rollout kRollout = TwoStages();
constexpr TaskIndex kFirst{0}, kSecond{1};
constexpr base::Instant kAt{1'700'000'000'123};

std::string Line(Fact fact) {
  return ToJson({7, kAt, std::move(fact)}, kRollout);
}

void ExpectRoundTrip(Fact fact) {
  const Event event{7, kAt, std::move(fact)};
  const std::string line = ToJson(event, kRollout);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const auto read = FromJson(line, kRollout);
  ASSERT_TRUE(read.ok()) << line << "\n" << read.error().message;
  EXPECT_EQ(*read, event) << line;
}

TEST(EventJson, LinesAreAsDocumented) {
  EXPECT_EQ(
      Line(TaskRunStarted{kSecond, 3}),
      R"({"sequence":7,"at":"2023-11-14T22:13:20.123Z","type":"task_run_started","task":"projects/test/rollouts/1/stages/2/tasks/2","attempt":3})");
  EXPECT_EQ(
      Line(StageEnded{StageIndex(0)}),
      R"({"sequence":7,"at":"2023-11-14T22:13:20.123Z","type":"stage_ended","stage":"projects/test/rollouts/1/stages/1"})");
  EXPECT_EQ(
      Line(
          TaskRunEnded{kFirst, 1, Outcome::kFailed, TaskError{"no", "42P01", 2, 7, 1, "", ""}, ""}),
      R"({"sequence":7,"at":"2023-11-14T22:13:20.123Z","type":"task_run_ended","task":"projects/test/rollouts/1/stages/1/tasks/1","attempt":1,"outcome":"failed","error":{"message":"no","code":"42P01","statement":2,"line":7,"column":1}})");
}

TEST(EventJson, WhoeverBeginsTellsThePolicy) {
  const std::string begun =
      R"({"sequence":7,"at":"2023-11-14T22:13:20.123Z","type":"rollout_started","runner":"r")";
  EXPECT_EQ(Line(RolloutStarted{"r"}), begun + "}") << "an older ledger";
  EXPECT_EQ(Line(RolloutStarted{"r", std::optional(Policy())}), begun + R"(,"policy":{}})");
  Policy bold;
  bold.stage_gate = Policy::StageGate::kNone;
  bold.parallel = 2;
  bold.max_failures = 0;
  EXPECT_EQ(Line(RolloutStarted{"r", std::optional(bold)}),
            begun + R"(,"policy":{"parallel":2,"maxFailures":0,"stageGate":"none"}})");
  for (const char* wrong : {R"(1)", R"({"parallel":"2"})", R"({"stageGate":"some"})"})
    EXPECT_FALSE(FromJson(begun + ",\"policy\":" + wrong + "}", kRollout).ok()) << wrong;
  EXPECT_TRUE(FromJson(begun + R"(,"policy":{"later":"more"}})", kRollout).ok());
}

TEST(EventJson, EveryFactComesBack) {
  ExpectRoundTrip(RolloutStarted{"host:17"});
  ExpectRoundTrip(RolloutStarted{"host:17", std::optional(Policy())});
  ExpectRoundTrip(RolloutStarted{
      "host:17", std::optional(Policy{Policy::StageGate::kNone, true, 4, 1, 0, true})});
  ExpectRoundTrip(StageStarted{StageIndex(1)});
  ExpectRoundTrip(TaskRunCreated{kSecond, 4'294'967'295});
  ExpectRoundTrip(TaskRunStarted{kFirst, 1});
  for (Outcome outcome :
       {Outcome::kSucceeded, Outcome::kFailed, Outcome::kCanceled, Outcome::kLost})
    ExpectRoundTrip(TaskRunEnded{kFirst, 2, outcome, {}, ""});
  for (Resolution resolution :
       {Resolution::kCommitted, Resolution::kNotApplied, Resolution::kFailed})
    ExpectRoundTrip(TaskRunResolved{kFirst, 2, resolution, "the marker is there"});
  ExpectRoundTrip(TaskRunWaiting{kFirst, 2, "locked by session 4711"});
  ExpectRoundTrip(TaskSkipped{kFirst, "not needed"});
  ExpectRoundTrip(CancelRequested{kFirst, "too slow", false});
  ExpectRoundTrip(CancelRequested{kFirst, "", true});
  ExpectRoundTrip(StageEnded{StageIndex(0)});
  ExpectRoundTrip(RolloutPaused{"interrupted by SIGINT"});
  ExpectRoundTrip(RolloutEnded{});
}

TEST(EventJson, AwkwardTextsComeBack) {
  const std::string nul("a\0b", 3);
  for (const std::string& text :
       {std::string("\"quoted\\ \n\r\t\b\f\x01\x1f\x7f"), nul, std::string("Ω 表 🐘 \u2028\u2029"),
        std::string("</script>"), std::string(5000, 'x'), std::string(" ")}) {
    ExpectRoundTrip(TaskRunEnded{kFirst, 1, Outcome::kFailed,
                                 TaskError{text, text, 1, 2, 4'294'967'295, text, text}, text});
    ExpectRoundTrip(TaskSkipped{kFirst, text});
    ExpectRoundTrip(RolloutStarted{text});
  }
}

TEST(EventJson, BytesThatAreNoTextBecomeText) {
  // A client may say anything; the ledger stays valid JSON.
  const std::string line = Line(TaskRunEnded{kFirst, 1, Outcome::kFailed,
                                             TaskError{"\xff\xfe bad", "", 0, 0, 0, "", ""}, ""});
  const auto read = FromJson(line, kRollout);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_NE(std::get<TaskRunEnded>(read->fact).error->message.find(" bad"), std::string::npos);
}

TEST(EventJson, UnknownMembersAreLeftAlone) {
  const auto read = FromJson(
      R"({"sequence":1,"at":"2026-01-01T00:00:00Z","type":"rollout_ended","later":[1]})", kRollout);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->fact, Fact(RolloutEnded{}));
}

TEST(EventJson, MalformedLinesAreErrors) {
  const std::string head = R"({"sequence":1,"at":"2026-01-01T00:00:00Z","type":)";
  const std::string task = R"("task":"projects/test/rollouts/1/stages/1/tasks/1")";
  for (
      const std::string& line : std::vector<std::string>{
          "",
          "null",
          "[]",
          "{",
          head + R"("rollout_ended"} trailing)",
          R"({"at":"2026-01-01T00:00:00Z","type":"rollout_ended"})",
          R"({"sequence":-1,"at":"2026-01-01T00:00:00Z","type":"rollout_ended"})",
          R"({"sequence":1.5,"at":"2026-01-01T00:00:00Z","type":"rollout_ended"})",
          R"({"sequence":"1","at":"2026-01-01T00:00:00Z","type":"rollout_ended"})",
          R"({"sequence":1,"at":"yesterday","type":"rollout_ended"})",
          R"({"sequence":1,"type":"rollout_ended"})",
          R"({"sequence":1,"at":"2026-01-01T00:00:00Z"})",
          head + R"("rollout_exploded"})",
          head + R"("rollout_started"})",
          head + R"("stage_started","stage":"projects/test/rollouts/1/stages/3"})",
          head + R"("stage_started","stage":"projects/other/rollouts/1/stages/1"})",
          head + R"("task_run_started","attempt":1})",
          head +
              R"("task_run_started","task":"projects/test/rollouts/1/stages/2/tasks/1","attempt":1})",
          head +
              R"("task_run_started","task":"projects/test/rollouts/1/stages/1/tasks/01","attempt":1})",
          head + R"("task_run_started",)" + task + "}",
          head + R"("task_run_started",)" + task + R"(,"attempt":4294967296})",
          head + R"("task_run_ended",)" + task + R"(,"attempt":1})",
          head + R"("task_run_ended",)" + task + R"(,"attempt":1,"outcome":"SUCCEEDED"})",
          head + R"("task_run_ended",)" + task + R"(,"attempt":1,"outcome":"failed","error":"no"})",
          head + R"("task_run_ended",)" + task +
              R"(,"attempt":1,"outcome":"failed","error":{"line":1}})",
          head + R"("task_run_resolved",)" + task + R"(,"attempt":1,"resolution":"maybe"})",
          head + R"("task_skipped",)" + task + R"(,"reason":7})",
          head + R"("cancel_requested",)" + task + R"(,"pause":"yes"})",
      }) {
    const auto read = FromJson(line, kRollout);
    ASSERT_FALSE(read.ok()) << line;
    EXPECT_EQ(read.error().code, base::ErrorCode::kCorrupt) << line;
    EXPECT_NE(read.error().message, "") << line;
  }
}

}  // namespace
}  // namespace lockstep::rollout
