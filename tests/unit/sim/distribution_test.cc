// Distributions against the obvious computation, and probabilities as people write them.
#include "core/sim/distribution.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/base/prng.h"
#include "core/sim/probability.h"

namespace lockstep::sim {
namespace {

using base::Duration;
using base::Milliseconds;
using base::Seconds;

constexpr std::uint64_t kAll = std::uint64_t{1} << 32;

std::uint32_t Part(std::uint64_t of, std::uint64_t whole) {
  return static_cast<std::uint32_t>(kAll * of / whole);
}
constexpr std::uint32_t kLast = 0xffffffff;

TEST(Distribution, OneThatIsCertain) {
  const Distribution always = Seconds(7);
  EXPECT_TRUE(always.is_constant());
  EXPECT_EQ(always.Median(), Seconds(7));
  EXPECT_EQ(always.At(0), Seconds(7));
  EXPECT_EQ(always.At(kLast), Seconds(7));
  EXPECT_EQ(Distribution().Median(), Seconds(0));
  EXPECT_TRUE(Distribution::OfSamples({Seconds(3)}).is_constant());
  EXPECT_TRUE(Distribution::OfPercentiles({{95, Seconds(3)}}).is_constant());
}

TEST(Distribution, EachSampleIsAsLikelyAsTheOthers) {
  const Distribution five =
      Distribution::OfSamples({Seconds(9), Seconds(1), Seconds(4), Seconds(2), Seconds(4)});
  EXPECT_FALSE(five.is_constant());
  EXPECT_EQ(five.At(0), Seconds(1));
  EXPECT_EQ(five.At(Part(1, 5) - 1), Seconds(1));
  EXPECT_EQ(five.At(Part(1, 5) + 1), Seconds(2));
  EXPECT_EQ(five.Median(), Seconds(4));
  EXPECT_EQ(five.At(kLast), Seconds(9));
  int counts[10] = {};
  for (std::uint64_t i = 0; i < 1000; ++i) ++counts[five.At(Part(2 * i + 1, 2000)).ms / 1000];
  EXPECT_EQ(counts[1], 200);
  EXPECT_EQ(counts[2], 200);
  EXPECT_EQ(counts[4], 400);
  EXPECT_EQ(counts[9], 200);
}

TEST(Distribution, StraightLinesBetweenPercentiles) {
  const Distribution made =
      Distribution::OfPercentiles({{10, Seconds(10)}, {50, Seconds(50)}, {90, Seconds(450)}});
  EXPECT_EQ(made.At(0), Seconds(10)) << "nothing is shorter than the first";
  EXPECT_EQ(made.At(Part(10, 100)), Seconds(10));
  EXPECT_EQ(made.Median(), Seconds(50));
  EXPECT_EQ(made.At(kLast), Seconds(450)) << "nothing is longer than the last";
  EXPECT_NEAR(static_cast<double>(made.At(Part(30, 100)).ms), 30'000, 1);
  EXPECT_NEAR(static_cast<double>(made.At(Part(70, 100)).ms), 250'000, 1);
}

TEST(Distribution, FromTheShortestToTheLongest) {
  const Distribution whole = Distribution::OfPercentiles({{0, Seconds(2)}, {100, Seconds(4)}});
  EXPECT_EQ(whole.At(0), Seconds(2));
  EXPECT_EQ(whole.Median(), Seconds(3));
  EXPECT_EQ(whole.At(kLast), Milliseconds(3'999)) << "just below the end";
  // As long as can be written: nothing overflows on the way.
  const Duration century = base::Milliseconds(1000ll * 3600 * 24 * 365 * 100);
  const Distribution long_one = Distribution::OfPercentiles({{0, Seconds(0)}, {100, century}});
  EXPECT_EQ(long_one.Median().ms, century.ms / 2);
  EXPECT_LT(long_one.At(kLast), century);
  EXPECT_GT(long_one.At(kLast), Milliseconds(century.ms / 1000 * 999));
}

// The same with doubles and a search from the front; and it never gets shorter.
TEST(Distribution, IsTheObviousComputation) {
  base::Prng prng(1);
  for (int round = 0; round < 300; ++round) {
    std::vector<std::pair<int, Duration>> points;
    std::int64_t length = 0;
    for (int percent = static_cast<int>(prng.Below(30)); percent <= 100;
         percent += 1 + static_cast<int>(prng.Below(40))) {
      length += static_cast<std::int64_t>(prng.Below(3) == 0 ? 0 : prng.Below(100'000'000));
      points.emplace_back(percent, Milliseconds(length));
    }
    const Distribution made = Distribution::OfPercentiles(points);
    const auto obvious = [&points](double percent) {
      if (percent <= points.front().first) return static_cast<double>(points.front().second.ms);
      for (std::size_t i = 1; i < points.size(); ++i) {
        const auto& [from, shorter] = points[i - 1];
        const auto& [to, longer] = points[i];
        if (percent > to) continue;
        return static_cast<double>(shorter.ms) +
               static_cast<double>((longer - shorter).ms) * (percent - from) / (to - from);
      }
      return static_cast<double>(points.back().second.ms);
    };
    std::vector<std::uint32_t> parts;
    for (int i = 0; i < 50; ++i) parts.push_back(static_cast<std::uint32_t>(prng.Next()));
    std::sort(parts.begin(), parts.end());
    Duration last{0};
    for (const std::uint32_t part : parts) {
      const Duration at = made.At(part);
      EXPECT_GE(at, last);
      EXPECT_NEAR(static_cast<double>(at.ms), obvious(100.0 * part / static_cast<double>(kAll)),
                  2.0);
      last = at;
    }
  }
}

TEST(Probability, AsPeopleWriteIt) {
  EXPECT_EQ(ParseProbability("5%"), 50'000u);
  EXPECT_EQ(ParseProbability("0.5%"), 5'000u);
  EXPECT_EQ(ParseProbability("0.05"), 50'000u);
  EXPECT_EQ(ParseProbability("0"), 0u);
  EXPECT_EQ(ParseProbability("1"), 1'000'000u);
  EXPECT_EQ(ParseProbability("1.0"), 1'000'000u);
  EXPECT_EQ(ParseProbability("100%"), 1'000'000u);
  EXPECT_EQ(ParseProbability("0.0000019"), 1u) << "what is beyond millionths is cut off";
  for (const char* wrong : {"", "%", "5 %", "-1%", "101%", "1.1", "2", ".5", "5.", "5.%", "1e-3",
                            "5%%", "99999999999999999999", "half"})
    EXPECT_FALSE(ParseProbability(wrong)) << wrong;
}

}  // namespace
}  // namespace lockstep::sim
