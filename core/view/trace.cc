#include "core/view/trace.h"

#include <algorithm>
#include <span>
#include <vector>

#include "core/base/json_writer.h"
#include "core/base/text.h"
#include "core/view/labels.h"
#include "core/view/lanes.h"
#include "core/view/task_look.h"
#include "core/view/times.h"

namespace lockstep::view {
namespace {

using base::Instant;
using base::JsonWriter;
using rollout::InstanceIndex;
using rollout::Rollout;
using rollout::StageIndex;
using rollout::TaskIndex;
using rollout::WaitingCause;

/// Where an event stands. Perfetto knows threads by their number alone, and takes one with its
/// process's number for the main thread, so numbers are different over the whole trace.
struct Track {
  std::int64_t process, thread;
};

/// Gates that stand between two tasks; a stage would be an arrow from one to all.
bool IsArrow(WaitingCause cause) {
  return cause == WaitingCause::kDependency || cause == WaitingCause::kCanary ||
         cause == WaitingCause::kVersion;
}

/// An arrow from the task that released another to that one.
struct Flow {
  std::int64_t id;
  WaitingCause cause;
};

struct Turn {
  Instant start, end;
  TaskIndex task;
  auto operator<=>(const Turn&) const = default;
};

class TraceWriter {
 public:
  TraceWriter(const Rollout& rollout, const sim::Timeline& timeline)
      : rollout_(rollout),
        timeline_(timeline),
        lanes_(AssignLanes(rollout, timeline)),
        critical_(timeline.CriticalTasks()) {}

  std::string Write() {
    // Events first: Perfetto's importer (v20) takes none of them when it has met metadata before.
    // No displayTimeUnit: it took that for the unit of the times.
    json_.BeginObject().Key("traceEvents").BeginArray();
    NameTracks();
    WriteStages();
    FindWaits();
    FindFlows();
    for (const Turn& turn : InOrderOfTime()) WriteTask(turn.task);
    for (const auto& [task, wait] : timeline_.waits) WriteWait(task, wait);
    json_.EndArray().Key("metadata").BeginObject();
    json_.Member("rollout", rollout_.name).Member("title", rollout_.title);
    json_.Member("start", base::FormatInstant(timeline_.start)).Member("digest", rollout_.digest);
    return json_.EndObject().EndObject().Take() + "\n";
  }

 private:
  std::int64_t Time(Instant time) const { return (time - timeline_.start).ms * 1000; }
  Track TrackOf(TaskIndex task) const {
    return {ProcessOf(rollout_.tasks[task].instance),
            first_thread_[lanes_.lane[task]] + lanes_.row[task]};
  }
  static std::int64_t ProcessOf(InstanceIndex instance) { return 2 + instance.value(); }
  std::int64_t ThreadOf(StageIndex stage) const {
    return ProcessOf(InstanceIndex(rollout_.instances.size())) + stage.value();
  }

  /// Its members up to the arguments, if it has any.
  JsonWriter& Begin(const char* phase, std::string_view name, Track track) {
    return json_.BeginObject()
        .Member("ph", phase)
        .Member("name", name)
        .Member("pid", track.process)
        .Member("tid", track.thread);
  }

  void Name(const char* what, Track track, std::string_view name) {
    Begin("M", what, track).Key("args").BeginObject().Member("name", name);
    json_.EndObject().EndObject();
  }
  void Sort(const char* what, Track track, std::int64_t place) {
    Begin("M", what, track).Key("args").BeginObject().Member("sort_index", place);
    json_.EndObject().EndObject();
  }

  void NameProcess(std::int64_t process, std::int64_t thread, std::string_view name) {
    Name("process_name", {process, thread}, name);
    Sort("process_sort_index", {process, thread}, process);
  }
  void NameThread(Track track, std::string_view name) {
    Name("thread_name", track, name);
    Sort("thread_sort_index", track, track.thread);
  }

  void NameTracks() {
    NameProcess(1, ThreadOf(StageIndex(0)), rollout_.title.empty() ? "rollout" : rollout_.title);
    for (StageIndex stage : rollout_.stages.indices()) {
      NameThread({1, ThreadOf(stage)}, StageLabel(rollout_, stage));
    }
    std::int64_t thread = ThreadOf(StageIndex(rollout_.stages.size()));
    for (const Lane& lane : lanes_.lanes) {
      first_thread_.push_back(thread);
      thread += lane.rows;
    }
    std::vector<bool> named(rollout_.instances.size(), false);
    std::vector<bool> lane_named(lanes_.lanes.size(), false);
    for (TaskIndex task : rollout_.tasks.indices()) {
      const InstanceIndex instance = rollout_.tasks[task].instance;
      const LaneIndex lane = lanes_.lane[task];
      if (!named[instance.value()]) {
        NameProcess(ProcessOf(instance), first_thread_[lane], rollout_.instances[instance].name);
      }
      named[instance.value()] = true;
      if (lane_named[lane.value()]) continue;
      lane_named[lane.value()] = true;
      for (std::uint32_t row = 0; row < lanes_.lanes[lane].rows; ++row) {
        const std::string number = row == 0 ? "" : " (" + std::to_string(row + 1) + ")";
        NameThread({ProcessOf(instance), first_thread_[lane] + row},
                   lanes_.lanes[lane].label + number);
      }
    }
  }

  void WriteStages() {
    for (StageIndex stage : rollout_.stages.indices()) {
      const auto span = SpanOf(rollout_.stages[stage], timeline_);
      if (!span) continue;
      Begin("X", StageLabel(rollout_, stage), {1, ThreadOf(stage)}).Member("cat", "stage");
      json_.Member("ts", Time(span->start)).Member("dur", Time(span->end) - Time(span->start));
      json_.EndObject();
    }
  }

  /// What runs until now, and what never ran, ends with all.
  Instant EndOf(TaskIndex task) const {
    const Instant end = timeline_.tasks[task].end;
    return timeline_.tasks[task].start.ms >= 0 && end.ms >= 0 ? end : timeline_.end;
  }

  /// Perfetto sorts events by their time and leaves those of the same time as they come: what ends
  /// when another begins has to be there first. What never ran comes last.
  std::vector<Turn> InOrderOfTime() const {
    std::vector<Turn> turns;
    for (TaskIndex task : rollout_.tasks.indices()) {
      const Instant start = timeline_.tasks[task].start;
      turns.push_back({start.ms < 0 ? base::kNever : start, EndOf(task), task});
    }
    std::sort(turns.begin(), turns.end());
    return turns;
  }

  void WriteTask(TaskIndex task) {
    const sim::TaskTimeline& line = timeline_.tasks[task];
    const bool ran = line.start.ms >= 0;
    const Instant end = EndOf(task);
    const std::string waits = WaitsText(rollout_, waits_[task]);
    if (ran) {
      Begin("X", SpecLabel(rollout_, task), TrackOf(task)).Member("cat", "task");
      json_.Member("ts", Time(line.start)).Member("dur", Time(end) - Time(line.start));
      WriteArguments(task, waits);
      json_.EndObject();
      for (const Flow& flow : arriving_[task]) WriteFlowEnd(task, flow);
      for (const Flow& flow : leaving_[task]) WriteFlowStart(task, flow);
    }
    if (line.status == rollout::TaskStatus::kDone && ran) return;
    const std::string state(line.waiting.blocked ? "BLOCKED" : rollout::ToString(line.status));
    Begin("i", state + ": " + TaskLabel(task), TrackOf(task)).Member("cat", "status");
    json_.Member("ts", Time(end)).Member("s", "t");
    WriteArguments(task, waits);
    json_.EndObject();
  }

  void WriteArguments(TaskIndex task, std::string_view waits) {
    const rollout::Task& at = rollout_.tasks[task];
    json_.Key("args").BeginObject().Member("task", rollout_.TaskName(task));
    json_.Member("type", rollout::ToString(at.type));
    json_.Member("spec", rollout_.spec_ids[at.spec]);
    json_.Member("database", DatabaseLabel(rollout_, task));
    json_.Member("stage", StageLabel(rollout_, at.stage));
    json_.Member("status", StatusText(rollout_, timeline_, task));
    if (!waits.empty()) json_.Member("waits", waits);
    if (critical_[task]) json_.MemberBool("critical", true);
    json_.EndObject();
  }

  void WriteWait(TaskIndex task, const sim::Wait& wait) {
    if (wait.from == wait.to) return;
    const std::int64_t id = next_id_++;
    const std::string name = "waits: " + std::string(rollout::ToString(wait.cause));
    for (const bool begins : {true, false}) {
      Begin(begins ? "b" : "e", name, TrackOf(task)).Member("cat", "wait").Member("id", id);
      json_.Member("ts", Time(begins ? wait.from : wait.to));
      if (begins) {
        json_.Key("args").BeginObject().Member("task", TaskLabel(task));
        json_.Member("database", DatabaseLabel(rollout_, task));
        json_.Member("why", WaitingLabel(rollout_, {wait.cause, wait.by, wait.to, false}));
        json_.EndObject();
      }
      json_.EndObject();
    }
  }

  void FindWaits() {
    std::span<const std::pair<TaskIndex, sim::Wait>> waits = timeline_.waits;
    for (TaskIndex task : rollout_.tasks.indices()) {
      std::size_t count = 0;
      while (count < waits.size() && waits[count].first == task) ++count;
      waits_.push_back(waits.first(count));
      waits = waits.subspan(count);
    }
  }

  /// Where a wait ended together with the run of the task that it was for.
  void FindFlows() {
    leaving_.resize(rollout_.tasks.size());
    arriving_.resize(rollout_.tasks.size());
    for (const auto& [task, wait] : timeline_.waits) {
      if (!IsArrow(wait.cause) || !wait.by.valid()) continue;
      const sim::TaskTimeline& from = timeline_.tasks[wait.by];
      const sim::TaskTimeline& to = timeline_.tasks[task];
      if (from.start.ms < 0 || from.end != wait.to || to.start < wait.to) continue;
      const Flow flow{next_id_++, wait.cause};
      leaving_[wait.by].push_back(flow);
      arriving_[task].push_back(flow);
    }
  }

  // The ends of a flow belong to the slice that was begun last on their track: their task's, which
  // stands just before them.
  void WriteFlowStart(TaskIndex task, const Flow& flow) {
    const sim::TaskTimeline& line = timeline_.tasks[task];
    // Within the slice: at its very end it is over.
    const std::int64_t at = std::max(Time(line.start), Time(line.end) - 1);
    BeginFlow("s", task, flow).Member("ts", at).EndObject();
  }
  void WriteFlowEnd(TaskIndex task, const Flow& flow) {
    const std::int64_t at = Time(timeline_.tasks[task].start);
    BeginFlow("f", task, flow).Member("bp", "e").Member("ts", at).EndObject();
  }
  JsonWriter& BeginFlow(const char* phase, TaskIndex task, const Flow& flow) {
    return Begin(phase, rollout::ToString(flow.cause), TrackOf(task))
        .Member("cat", "release")
        .Member("id", flow.id);
  }

  const Rollout& rollout_;
  const sim::Timeline& timeline_;
  const Lanes lanes_;
  const base::IndexVector<TaskIndex, bool> critical_;
  base::IndexVector<LaneIndex, std::int64_t> first_thread_;
  base::IndexVector<TaskIndex, std::span<const std::pair<TaskIndex, sim::Wait>>> waits_;
  base::IndexVector<TaskIndex, std::vector<Flow>> leaving_, arriving_;
  std::int64_t next_id_ = 1;
  JsonWriter json_;
};

}  // namespace

std::string Trace(const Rollout& rollout, const sim::Timeline& timeline) {
  return TraceWriter(rollout, timeline).Write();
}

}  // namespace lockstep::view
