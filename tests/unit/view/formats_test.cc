// Mermaid, traces, and the names of all formats.
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "core/json/document.h"
#include "core/view/format.h"
#include "core/view/mermaid.h"
#include "core/view/trace.h"
#include "tests/has.h"
#include "tests/unit/rollout_builder.h"

namespace lockstep::view {
namespace {

using rollout::Rollout;
using rollout::TaskIndex;

/// Two databases and an instance more, a dependency, a failure, what it blocks, and a task that
/// lasts no time.
class Formats : public testing::Test {
 protected:
  Formats() {
    const auto instance = builder_.AddInstance(), other = builder_.AddInstance();
    const auto a = builder_.AddDatabase(instance), b = builder_.AddDatabase(other);
    builder_.AddStage();
    const TaskIndex first = builder_.AddTask(a);
    builder_.Depend(builder_.AddTask(b), first);
    builder_.AddTask(a);
    builder_.AddStage();
    builder_.Depend(builder_.AddTask(b), first);
    rollout_ = builder_.Build();
    rollout_.title = "a: b; c #1";
    sim::Scenario scenario;
    scenario.start = base::Instant{1'795'309'200'000};
    scenario.durations.push_back({{"spec-1", ""}, base::Seconds(0)});
    scenario.failures.push_back({{"spec-2", ""}, 1, "", {-1}});
    timeline_ = sim::Simulate(rollout_, scenario, {});
  }

  RolloutBuilder builder_;
  Rollout rollout_;
  sim::Timeline timeline_;
};

TEST(Mermaid, WhatEndsANameIsAnEntity) {
  EXPECT_EQ(EscapeMermaid("a:b;c#d"), "a#58;b#59;c#35;d");
  EXPECT_EQ(EscapeMermaid("%%{init}%%"), "#37;#37;#123;init#125;#37;#37;");
  EXPECT_EQ(EscapeMermaid("<b>&\"`"), "#60;b#62;#38;#34;#96;");
  EXPECT_EQ(EscapeMermaid("a\r\nb\tc"), "a  b c");
  EXPECT_EQ(EscapeMermaid("\u202ex\xff\x01"), "\xef\xbf\xbdx\xef\xbf\xbd\xef\xbf\xbd");
  EXPECT_EQ(EscapeMermaid("größe, 東京"), "größe, 東京");
}

TEST_F(Formats, MermaidTellsCriticalDoneAndZeroLength) {
  const std::string text = Mermaid(rollout_, timeline_, 300);
  EXPECT_TRUE(Has(text, "\n    title a#58; b#59; c #35;1 – 4 tasks in 2 stages")) << text;
  EXPECT_TRUE(Has(text, "\n    dateFormat x\n    axisFormat %M:%S.%L\n")) << text;
  EXPECT_TRUE(Has(text, "1 spec-0 on i0/d0 :crit, done, t1, 1795309200000, 1795309201000\n"))
      << text;
  EXPECT_TRUE(Has(text, "2 spec-1 on i1/d1 :done, milestone, t2, 1795309201000, 1795309201000\n"))
      << text;
  EXPECT_TRUE(Has(text, "3 spec-2 on i0/d0 FAILED :crit, t3, 1795309201000, ")) << text;
  EXPECT_TRUE(Has(text, " (never ran) :milestone, t4, 1795309202000, 1795309202000\n")) << text;
}

// The grammar of Mermaid's gantt (its lexer's classes of characters), line by line.
TEST_F(Formats, MermaidNamesCannotBreakOut) {
  for (auto& id : rollout_.spec_ids) id = "title: %%{init: {}}%%\n;#section, done";
  for (auto& database : rollout_.databases) database.name += ":;#\n<i>";
  for (auto& stage : rollout_.stages) stage.title = "click: x;\n#";
  static const std::regex directive(R"(%%\{init: \{"gantt": \{"leftPadding": \d+\}\}\}%%)");
  static const std::regex line(
      R"(gantt|    (title|section) [^:%<]+|    dateFormat x|    todayMarker off)"
      R"(|    axisFormat [%A-Za-z:. -]+|    tickInterval [1-9]\d*(day|hour|minute|second|millisecond))"
      R"(|    \d+ [^:%<]+ :(crit, )?(done, |active, )?(milestone, )?t\d+, \d+, \d+)");
  std::istringstream in(Mermaid(rollout_, timeline_, 300));
  std::string text;
  std::getline(in, text);
  EXPECT_TRUE(std::regex_match(text, directive)) << text;
  while (std::getline(in, text)) {
    EXPECT_TRUE(std::regex_match(text, line)) << text;
    // A '#' or ';' only as an entity.
    const std::string rest = std::regex_replace(text, std::regex("#\\d+;"), "");
    EXPECT_EQ(rest.find_first_of("#;"), std::string::npos) << text;
  }
}

TEST_F(Formats, MermaidShowsTroubleWhereNotAllFits) {
  const std::string text = Mermaid(rollout_, timeline_, 1);
  EXPECT_TRUE(Has(text, ", without 3 other tasks\n")) << text;
  EXPECT_TRUE(Has(text, "FAILED :")) << text;
  EXPECT_FALSE(Has(text, "stage 2")) << "a section without tasks:\n" << text;
}

/// A trace, read again.
class TraceReader {
 public:
  explicit TraceReader(const std::string& text) : source_("trace.json", text) {
    document_ = json::Document::Parse(diagnostics::SourceId(0), source_, {}, emitter_);
  }
  bool ok() const { return document_.has_value(); }
  std::vector<json::Value> Events(std::string_view phase) const {
    std::vector<json::Value> found;
    for (const json::Value event : document_->root().Find("traceEvents")->elements()) {
      if (event.Find("ph")->AsString() == phase) found.push_back(event);
    }
    return found;
  }
  static std::int64_t Number(json::Value event, std::string_view key) {
    return std::stoll(std::string(event.Find(key)->NumberText()));
  }
  static std::string Text(json::Value event, std::string_view key) {
    return std::string(event.Find(key)->AsString());
  }

 private:
  diagnostics::Source source_;
  diagnostics::Emitter emitter_;
  std::optional<json::Document> document_;
};

TEST_F(Formats, TraceHasSlicesOnNamedThreads) {
  const TraceReader trace(Trace(rollout_, timeline_));
  ASSERT_TRUE(trace.ok());
  std::map<std::int64_t, std::string> threads;
  std::set<std::int64_t> processes;
  for (const json::Value event : trace.Events("M")) {
    const json::Value arguments = *event.Find("args");
    processes.insert(TraceReader::Number(event, "pid"));
    if (TraceReader::Text(event, "name") == "thread_name") {
      EXPECT_TRUE(
          threads.emplace(TraceReader::Number(event, "tid"), TraceReader::Text(arguments, "name"))
              .second)
          << "Perfetto knows threads by their number alone";
    }
  }
  EXPECT_EQ(processes, (std::set<std::int64_t>{1, 2, 3}));
  for (const auto& [thread, name] : threads) EXPECT_FALSE(processes.count(thread)) << name;
  std::vector<std::string> slices;
  for (const json::Value event : trace.Events("X")) {
    slices.push_back(threads[TraceReader::Number(event, "tid")] + " " +
                     TraceReader::Text(event, "name") + " " +
                     std::to_string(TraceReader::Number(event, "ts")) + "+" +
                     std::to_string(TraceReader::Number(event, "dur")));
  }
  EXPECT_EQ(slices, (std::vector<std::string>{"stage 1 (stage 1) stage 1 (stage 1) 0+2000000",
                                              "i0/d0 spec-0 0+1000000", "i1/d1 spec-1 1000000+0",
                                              "i0/d0 spec-2 1000000+1000000"}));
}

TEST_F(Formats, TraceHasWaitsFlowsAndTrouble) {
  const TraceReader trace(Trace(rollout_, timeline_));
  ASSERT_TRUE(trace.ok());
  const auto begins = trace.Events("b"), ends = trace.Events("e");
  ASSERT_EQ(begins.size(), ends.size());
  ASSERT_FALSE(begins.empty());
  for (std::size_t i = 0; i < begins.size(); ++i) {
    for (const char* key : {"id", "pid", "tid"}) {
      EXPECT_EQ(TraceReader::Number(begins[i], key), TraceReader::Number(ends[i], key));
    }
    EXPECT_LT(TraceReader::Number(begins[i], "ts"), TraceReader::Number(ends[i], "ts"));
  }
  const auto from = trace.Events("s"), to = trace.Events("f");
  ASSERT_EQ(from.size(), 1u);  // task 1 released task 2
  ASSERT_EQ(to.size(), 1u);
  EXPECT_EQ(TraceReader::Number(from[0], "ts"), 999'999);
  EXPECT_EQ(TraceReader::Number(to[0], "ts"), 1'000'000);
  EXPECT_EQ(TraceReader::Number(from[0], "id"), TraceReader::Number(to[0], "id"));
  EXPECT_EQ(TraceReader::Text(to[0], "bp"), "e");
  std::vector<std::string> instants;
  for (const json::Value event : trace.Events("i")) {
    instants.push_back(TraceReader::Text(event, "name"));
  }
  EXPECT_EQ(instants, (std::vector<std::string>{"FAILED: task 3", "BLOCKED: task 4"}));
}

TEST_F(Formats, NamesAndFiles) {
  for (std::string_view name : FormatNames()) EXPECT_TRUE(FindFormat(name)) << name;
  EXPECT_FALSE(FindFormat("pdf"));
  EXPECT_EQ(FormatOfFile("a/b.trace.json"), Format::kTrace);
  EXPECT_EQ(FormatOfFile("b.mmd"), Format::kMermaid);
  EXPECT_EQ(FormatOfFile("b.txt"), Format::kLanes);
  EXPECT_EQ(FormatOfFile("b.html"), Format::kHtml);
  EXPECT_FALSE(FormatOfFile("b.json"));
}

TEST_F(Formats, ProblemsAreTold) {
  FormatOptions options;
  EXPECT_FALSE(Problem(options));
  options.width = 100;
  EXPECT_EQ(Problem(options), "the width is a number of pixels from 280 to 1000000");
  options.format = Format::kLanes;
  EXPECT_FALSE(Problem(options));
  options.width = 23;
  EXPECT_EQ(Problem(options), "the width is a number of columns from 24 to 10000");
  options = {};
  options.format = Format::kMermaid;
  options.view = View::kGraph;
  EXPECT_EQ(Problem(options), "the graph is drawn as svg or html");
  options = {};
  options.rows = 0;
  EXPECT_EQ(Problem(options), "rows are a number from 1 to 1000000");
}

}  // namespace
}  // namespace lockstep::view
