// Traces as Perfetto imports them. Its importer (trace_processor, importers/json) drops or
// misplaces without a word what breaks its rules; they are written down here as they were read in
// its source in 2026, so that nothing of ours is.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "core/base/prng.h"
#include "core/json/document.h"
#include "core/view/trace.h"
#include "tests/unit/rollout_builder.h"

namespace lockstep::view {
namespace {

using rollout::Rollout;
using rollout::TaskIndex;

/// As read from JSON. Times are microseconds.
struct TraceEvent {
  char phase = 0;
  std::string name, category, task, named;
  std::int64_t process = 0, thread = 0, at = 0, length = 0, id = 0;
};

std::string TextOf(json::Value object, std::string_view key) {
  const auto value = object.Find(key);
  return value && value->kind() == json::Kind::kString ? std::string(value->AsString()) : "";
}

/// -1 when it is no whole number: an id that is none is no id.
std::int64_t WholeNumberOf(json::Value object, std::string_view key) {
  const auto value = object.Find(key);
  if (!value || value->kind() != json::Kind::kNumber) return -1;
  const std::string text(value->NumberText());
  return text.find_first_not_of("0123456789") == std::string::npos ? std::stoll(text) : -1;
}

class Perfetto {
 public:
  explicit Perfetto(const std::string& text) {
    Read(text);
    // Metadata has no time, which is 0. Events of the same time stay as they come.
    std::stable_sort(events_.begin(), events_.end(),
                     [](const TraceEvent& a, const TraceEvent& b) { return a.at < b.at; });
    for (const TraceEvent& event : events_) Import(event);
    for (const auto& [id, open] : waits_)
      if (open.phase == 'b') Complain(open, "never ends");
    for (const std::int64_t thread : used_)
      if (!threads_.contains(thread)) Complain({}, "a thread without a name");
  }

  const std::vector<std::string>& problems() const { return problems_; }
  /// Names of tasks: from the slice that was on top where the flow began, to the one where it
  /// ended.
  const std::vector<std::pair<std::string, std::string>>& arrows() const { return arrows_; }
  std::size_t slices() const { return slices_; }

 private:
  void Complain(const TraceEvent& event, const std::string& what) {
    problems_.push_back(std::string(1, event.phase) + " \"" + event.name + "\" at " +
                        std::to_string(event.at) + ": " + what);
  }

  void Read(const std::string& text) {
    const diagnostics::Source source("trace.json", text);
    diagnostics::Emitter emitter;
    const auto document = json::Document::Parse(diagnostics::SourceId(0), source, {}, emitter);
    ASSERT_TRUE(document);
    // Surrogates in \u are refused, and all of the trace with them.
    EXPECT_EQ(text.find("\\ud"), std::string::npos);
    EXPECT_TRUE(text.starts_with("{\"traceEvents\":[")) << "what stands before is misunderstood";
    EXPECT_EQ(text.find("displayTimeUnit"), std::string::npos) << "taken for the unit of times";
    // Shown with the trace; "otherData" is not.
    EXPECT_EQ(document->root().Find("metadata")->kind(), json::Kind::kObject);
    for (const json::Value value : document->root().Find("traceEvents")->elements())
      ReadEvent(value);
  }

  void ReadEvent(json::Value value) {
    TraceEvent event;
    const std::string phase = TextOf(value, "ph");
    event.phase = phase.size() == 1 ? phase[0] : '?';
    event.name = TextOf(value, "name");
    event.category = TextOf(value, "cat");
    event.process = WholeNumberOf(value, "pid");
    event.thread = WholeNumberOf(value, "tid");
    event.at = event.phase == 'M' ? 0 : WholeNumberOf(value, "ts");
    event.length = WholeNumberOf(value, "dur");
    event.id = WholeNumberOf(value, "id");
    if (const auto arguments = value.Find("args")) {
      event.task = TextOf(*arguments, "task");
      event.named = TextOf(*arguments, "name");
      const bool sorts = event.name.ends_with("_sort_index");
      if (sorts && WholeNumberOf(*arguments, "sort_index") < 0) Complain(event, "no sort_index");
    }
    constexpr std::int64_t kLargest = 0xffffffff;  // others become 0
    for (const std::int64_t number : {event.process, event.thread})
      if (number <= 0 || number > kLargest) Complain(event, "no number of a process or thread");
    if (event.at < 0) Complain(event, "no time");
    if (event.name.empty()) Complain(event, "no name");
    if (event.phase == 'i' && TextOf(value, "s") != "t") Complain(event, "no instant of a thread");
    if (event.phase == 'f' && TextOf(value, "bp") != "e") Complain(event, "binds to what follows");
    events_.push_back(std::move(event));
  }

  void Import(const TraceEvent& event) {
    // Threads are known by their number over all processes; the one with its process's number is
    // the main thread.
    const auto [known, added] = processes_.emplace(event.thread, event.process);
    if (known->second != event.process) Complain(event, "a thread of two processes");
    if (event.thread == event.process) Complain(event, "takes the main thread's place");
    if (event.phase != 'M') used_.insert(event.thread);
    switch (event.phase) {
      case 'M':
        return Name(event);
      case 'X':
      case 'i':
        return Push(event);
      case 'b':
      case 'e':
        return Wait(event);
      case 's':
      case 'f':
        return Flow(event);
      default:
        Complain(event, "an unknown phase");
    }
  }

  void Name(const TraceEvent& event) {
    if (event.name.ends_with("_name") && event.named.empty()) Complain(event, "names nothing");
    if (event.name == "thread_name" && !threads_.insert(event.thread).second)
      Complain(event, "names a thread again");
  }

  /// Slices of a thread follow each other: what is over is taken off, and a task lies in no other.
  void Push(const TraceEvent& event) {
    if (event.phase == 'X' && event.length < 0) return Complain(event, "no length");
    std::vector<TraceEvent>& stack = stacks_[event.thread];
    const auto is_over = [&event](const TraceEvent& slice) {
      const std::int64_t end = slice.at + std::max<std::int64_t>(slice.length, 0);
      const bool both_instants = slice.length <= 0 && event.length <= 0;
      return end < event.at || (end == event.at && !both_instants);
    };
    while (!stack.empty() && is_over(stack.back())) stack.pop_back();
    const bool nests = !stack.empty() && stack.back().length > 0;
    if (nests) Complain(event, "lies in \"" + stack.back().name + "\"");
    stack.push_back(event);
    slices_ += event.phase == 'X';
  }

  /// The end is found by id, category, process and name.
  void Wait(const TraceEvent& event) {
    const auto [open, begins] = waits_.emplace(event.id, event);
    if (begins != (event.phase == 'b')) return Complain(event, "begins twice, or never");
    if (begins) return;
    const TraceEvent& begun = open->second;
    if (std::tie(begun.category, begun.name, begun.process) !=
        std::tie(event.category, event.name, event.process))
      Complain(event, "ends another one");
    open->second.phase = 'e';
  }

  /// Belongs to the slice that was begun last on its thread. The end is found by id, category and
  /// name.
  void Flow(const TraceEvent& event) {
    const std::vector<TraceEvent>& stack = stacks_[event.thread];
    if (stack.empty()) return Complain(event, "belongs to no slice");
    const auto key = std::tuple(event.id, event.category, event.name);
    if (event.phase == 's') {
      if (!flows_.emplace(key, stack.back().task).second) Complain(event, "begins twice");
    } else if (!flows_.contains(key)) {
      Complain(event, "ends before it begins");
    } else {
      arrows_.emplace_back(flows_[key], stack.back().task);
    }
  }

  std::vector<TraceEvent> events_;
  std::vector<std::string> problems_;
  std::vector<std::pair<std::string, std::string>> arrows_;
  std::map<std::int64_t, std::int64_t> processes_;  // by thread
  std::set<std::int64_t> threads_, used_;
  std::map<std::int64_t, std::vector<TraceEvent>> stacks_;
  std::map<std::int64_t, TraceEvent> waits_;
  std::map<std::tuple<std::int64_t, std::string, std::string>, std::string> flows_;
  std::size_t slices_ = 0;
};

/// Some stages over few databases, with dependencies on what comes before.
Rollout RandomRollout(base::Prng& prng) {
  RolloutBuilder builder;
  std::vector<rollout::DatabaseIndex> databases;
  for (std::uint64_t i = 0, n = 1 + prng.Below(3); i < n; ++i) {
    const auto instance = builder.AddInstance(1 + static_cast<std::uint32_t>(prng.Below(3)));
    for (std::uint64_t d = 0, m = 1 + prng.Below(3); d < m; ++d)
      databases.push_back(builder.AddDatabase(instance));
  }
  for (std::uint64_t stage = 0, n = 1 + prng.Below(3); stage < n; ++stage) {
    builder.AddStage();
    std::vector<TaskIndex> tasks;
    for (std::uint64_t i = 0, m = 1 + prng.Below(8); i < m; ++i) {
      tasks.push_back(builder.AddTask(databases[prng.Below(databases.size())]));
      if (i > 0 && prng.Chance(1, 2)) builder.Depend(tasks[i], tasks[prng.Below(i)]);
      builder.task(tasks[i]).serial = prng.Chance(3, 4);
    }
  }
  Rollout rollout = builder.Build();
  rollout.title = "größe 東京 🐘 \x7f\n";
  return rollout;
}

/// Short ones, so that much happens at the same time; some take none at all, some fail.
sim::Scenario RandomScenario(base::Prng& prng, const Rollout& rollout) {
  sim::Scenario scenario;
  for (const std::string& spec : rollout.spec_ids) {
    const auto length = static_cast<std::int64_t>(prng.Below(3));
    scenario.durations.push_back({{spec, ""}, base::Seconds(length)});
    if (prng.Chance(1, 8)) scenario.failures.push_back({{spec, ""}, 1, "no", {-1}});
    if (prng.Chance(1, 8)) {
      scenario.commands.push_back(
          {base::Seconds(2), sim::Scenario::Command::Kind::kRetry, {{spec, ""}}, ""});
    }
  }
  return scenario;
}

TEST(PerfettoTest, NothingIsDroppedOrMisplaced) {
  std::size_t all_arrows = 0;
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    base::Prng prng(seed);
    const Rollout rollout = RandomRollout(prng);
    const sim::Timeline timeline = sim::Simulate(rollout, RandomScenario(prng, rollout), {});
    const Perfetto trace(Trace(rollout, timeline));
    ASSERT_EQ(trace.problems(), std::vector<std::string>()) << "seed " << seed;
    const auto ran = static_cast<std::size_t>(
        std::count_if(timeline.tasks.begin(), timeline.tasks.end(),
                      [](const sim::TaskTimeline& task) { return task.has_run(); }));
    EXPECT_GE(trace.slices(), ran) << "seed " << seed;
    std::set<std::pair<std::string, std::string>> released;
    for (const auto& [task, wait] : timeline.waits) {
      if (wait.by.valid()) released.emplace(rollout.TaskName(wait.by), rollout.TaskName(task));
    }
    for (const auto& [from, to] : trace.arrows())
      EXPECT_TRUE(released.contains({from, to})) << "seed " << seed << ": " << from << " " << to;
    all_arrows += trace.arrows().size();
  }
  EXPECT_GT(all_arrows, 500u);
}

}  // namespace
}  // namespace lockstep::view
