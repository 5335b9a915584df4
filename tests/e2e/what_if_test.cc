// simulate: what if, how likely, and whether it fits, on the example's six tasks.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/e2e/program.h"
#include "tests/has.h"

namespace lockstep::e2e {
namespace {

class WhatIf : public testing::Test {
 protected:
  WhatIf() {
    std::filesystem::copy(LOCKSTEP_SOURCE_DIR "/native/example", folder_.path(),
                          std::filesystem::copy_options::recursive);
  }
  Ended Simulate(const Words& more) const {
    Words words = {"simulate", "plan.json", "--start", "2026-11-27T12:00:00Z"};  // a Friday
    words.insert(words.end(), more.begin(), more.end());
    return Lockstep(folder_, words);
  }

  Folder folder_;
};

TEST_F(WhatIf, ATaskFails) {
  const Ended ended = Simulate({"--fail", "3"});
  EXPECT_EQ(ended.code, 0) << ended.err;  // without a deadline nothing is missed
  EXPECT_TRUE(Has(ended.out,
                  "undisturbed DONE after 4 s, as assumed FAILED after 3 s\n"
                  "ends       task 3 (5a90c3f4 on prod-eu/hr) FAILED\n"
                  "blocked    tasks 5, 6 by task 3\n"
                  "unchanged  3 tasks\n"
                  "then       lockstep retry --task 3: DONE after 5 s\n"
                  "           lockstep skip --task 3: DONE after 4 s\n"))
      << ended.out;
  EXPECT_TRUE(Has(Simulate({"--fail", "3=always"}).out,
                  "lockstep retry --task 3: FAILED after 4 s, 3 tasks not done"));
}

TEST_F(WhatIf, EveryFlagIsHeard) {
  const auto moved = [this](const Words& words) {
    const std::string out = Simulate(words).out;
    const std::size_t at = out.find("as assumed ");
    return at == std::string::npos ? out : out.substr(at, out.find('\n', at) - at);
  };
  EXPECT_EQ(moved({"--delay", "prod-us/hr=1m"}), "as assumed DONE after 2 min 04 s");
  EXPECT_EQ(moved({"--lock", "test=500ms-10s"}), "as assumed DONE after 13 s");
  EXPECT_EQ(moved({"--down", "test=500ms-10s"}), "as assumed FAILED after 10 s");
  EXPECT_EQ(moved({"--fail", "1", "--retry", "1=1m"}), "as assumed DONE after 1 min 04 s");
  EXPECT_EQ(moved({"--skip", "test"}), "as assumed DONE after 2 s");
  EXPECT_EQ(moved({"--cancel", "1=500ms"}), "as assumed FAILED after 500 ms");
  EXPECT_EQ(moved({"--fail", "3", "--fail", "4"}), "as assumed FAILED after 3 s");
  EXPECT_TRUE(Has(Simulate({"--connections", "prod-eu=3", "--explain"}).out,
                  "instances/prod-eu busy 2 s (50%), at most 1 of 3 connections"));
}

TEST_F(WhatIf, ADeadlineThatIsMissedIsExit1) {
  const Ended fits = Simulate({"--deadline", "4s"});
  EXPECT_EQ(fits.code, 0);
  EXPECT_TRUE(Has(fits.out, "fits: ends 0 ms before the deadline, 2026-11-27T12:00:04Z\n"))
      << fits.out;
  const Ended late = Simulate({"--deadline", "3s"});
  EXPECT_EQ(late.code, 1);
  EXPECT_TRUE(Has(late.out, "does not fit: ends 1 s after the deadline, 2026-11-27T12:00:03Z\n"))
      << late.out;
  const Ended broken = Simulate({"--deadline", "1h", "--fail", "1"});
  EXPECT_EQ(broken.code, 1);
  EXPECT_TRUE(Has(broken.out, "does not fit: it is not done")) << broken.out;
  // Whatever is printed.
  for (const char* format : {"json", "events", "svg"})
    EXPECT_EQ(Simulate({"--deadline", "3s", "--format", format}).code, 1) << format;
}

TEST_F(WhatIf, AWindow) {
  const Ended ended = Simulate({"--window", "Sat 01:00-05:00 Europe/Berlin"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_TRUE(Has(ended.out, "starting 2026-11-28T00:00:00Z\n")) << ended.out;
  EXPECT_TRUE(Has(ended.out, "fits: ends 3 h 59 min before the deadline, 2026-11-28T04:00:00Z\n"))
      << ended.out;
  folder_.Write("slow.json", R"({"durations": {"default": "90m"}})");
  const Ended slow =
      Simulate({"--window", "Sat 01:00-05:00 Europe/Berlin", "--scenario", "slow.json"});
  EXPECT_EQ(slow.code, 1);
  EXPECT_TRUE(Has(slow.out, "does not fit: ends 2 h 00 min after the deadline")) << slow.out;
  EXPECT_EQ(Simulate({"--window", "Sat 01:00-05:00", "--deadline", "3s"}).code, 1);
}

TEST_F(WhatIf, WrongWordsAreExit2) {
  const std::pair<Words, std::string> cases[] = {
      {{"--fail", "nobody"}, "--fail: there is no task, spec or target \"nobody\""},
      {{"--fail", "prod-ez"}, "did you mean \"prod-eu\"?"},
      {{"--fail", "hr"}, "--fail: \"hr\" fits several; write the whole name"},
      {{"--fail", "1=often"}, "\"often\" is neither \"always\" nor a probability such as 20%"},
      {{"--delay", "1"}, "--delay: \"\" is not a length of time such as 5m"},
      {{"--lock", "1=2m-1m"}, "--lock: \"2m-1m\" is not from one time to a later one"},
      {{"--down", "prod=1m-2m"}, "--down: no task of the rollout is on an instance \"prod\""},
      {{"--retry", "1=noon"}, "--retry: \"noon\" is not a time, counted from the start"},
      {{"--skip", "99"}, "--skip: there is no task, spec or target \"99\""},
      {{"--cancel", "77"}, "--cancel: there is no task, spec or target \"77\""},
      {{"--connections", "test=0"}, "--connections: \"0\" is not a number of connections"},
      {{"--deadline", "soon"}, "--deadline takes a length of time such as 4h"},
      {{"--window", "Someday"}, "\"Someday\" is not a window"},
      {{"--window", "Sat 01:00-05:00 Mars/X"}, "there is no time zone \"Mars/X\""},
      {{"--runs", "0"}, "--runs takes a number from 1 to 1000000, not 0"},
      {{"--runs", "1000001"}, "--runs takes a number from 1 to 1000000, not 1000001"},
      {{"--runs", "many"}, "--runs: \"many\" is not a whole number"},
      {{"--seed", "-1"}, "--seed: \"-1\" is not a whole number"}};
  for (const auto& [words, message] : cases) {
    const Ended ended = Simulate(words);
    EXPECT_EQ(ended.code, 2) << words[0] << " " << words[1];
    EXPECT_TRUE(Has(ended.err, message)) << ended.err;
    EXPECT_EQ(ended.out, "");
  }
}

TEST_F(WhatIf, TheSameSeedIsTheSameForecast) {
  folder_.Write("unsure.json", R"({"durations": {"default": {"p5": "1s", "p95": "90s"}}})");
  const auto forecast = [this](const std::string& seed, const std::string& runs = "500") {
    const Ended ended = Simulate({"--scenario", "unsure.json", "--fail", "1=10%", "--runs", runs,
                                  "--seed", seed, "--deadline", "1h", "--format", "json"});
    EXPECT_EQ(ended.code, 0) << ended.err;
    return ended.out.substr(std::min(ended.out.find("\"forecast\":"), ended.out.size()));
  };
  const std::string first = forecast("7");
  EXPECT_TRUE(Has(first, "\"runs\":500")) << first;
  EXPECT_TRUE(Has(first, "\"seed\":7")) << first;
  EXPECT_EQ(forecast("7"), first);
  EXPECT_NE(forecast("8"), first);
  const Ended text = Simulate({"--scenario", "unsure.json", "--runs", "100"});
  EXPECT_TRUE(Has(text.out, "100 simulations, seed 0: 100% end DONE\n")) << text.out;
  EXPECT_TRUE(Has(text.out, "% of them\n")) << text.out;
}

TEST_F(WhatIf, AsJson) {
  const Ended quiet = Simulate({"--format", "json"});
  for (const char* member : {"\"deadline\":null", "\"overruns\":[]", "\"comparison\":null",
                             "\"analysis\":null", "\"forecast\":null"})
    EXPECT_TRUE(Has(quiet.out, member)) << member << quiet.out;
  const Ended all = Simulate(
      {"--fail", "3", "--deadline", "2s", "--runs", "10", "--explain", "--format", "json"});
  EXPECT_EQ(all.code, 1);
  for (const char* member :
       {"\"deadline\":{\"at\":\"2026-11-27T12:00:02Z\",\"met\":false}",
        "\"comparison\":{\"before\":{\"status\":\"DONE\",\"makespan\":4000},"
        "\"after\":{\"status\":\"FAILED\",\"makespan\":3000}",
        "\"command\":\"retry\"", "\"unchanged\":3", "\"analysis\":{\"waits\":[", "\"slack\":[",
        "\"forecast\":{\"runs\":10,\"seed\":0,\"done\":0"})
    EXPECT_TRUE(Has(all.out, member)) << member << all.out;
}

}  // namespace
}  // namespace lockstep::e2e
