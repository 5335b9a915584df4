#include "core/api/timeline_columns.h"

#include <bit>
#include <cstring>
#include <span>

#include "core/rollout/waiting.h"
#include "core/view/labels.h"
#include "core/view/lanes.h"

namespace lockstep::api {
namespace {

using base::Instant;
using base::JsonWriter;
using rollout::Rollout;
using rollout::TaskIndex;

static_assert(std::endian::native == std::endian::little, "columns are written as they lie");

template <class Number>
constexpr std::string_view kType = "";
template <>
constexpr std::string_view kType<std::int32_t> = "int32";
template <>
constexpr std::string_view kType<std::uint8_t> = "uint8";
template <>
constexpr std::string_view kType<double> = "float64";

class ColumnWriter {
 public:
  ColumnWriter(JsonWriter& writer, std::vector<std::string>& attachments)
      : writer_(writer), attachments_(attachments) {}

  /// `number(row)` for each row of a list.
  template <class Number, class Rows, class NumberOf>
  void Write(std::string_view name, const Rows& rows, NumberOf number) {
    writer_.Key(name).BeginObject();
    writer_.Member("attachment", static_cast<std::int64_t>(attachments_.size()));
    writer_.Member("type", kType<Number>).EndObject();
    std::string& bytes = attachments_.emplace_back(rows.size() * sizeof(Number), '\0');
    char* at = bytes.data();
    for (const auto& row : rows) {
      const Number value = static_cast<Number>(number(row));
      std::memcpy(at, &value, sizeof(Number));
      at += sizeof(Number);
    }
  }

 private:
  JsonWriter& writer_;
  std::vector<std::string>& attachments_;
};

template <class Index>
std::int32_t OrNone(Index index) {
  return index.valid() ? static_cast<std::int32_t>(index.value()) : -1;
}

/// The names of an enum's values from 0 to `last`, so that a column's numbers can be read.
template <class Enum>
void WriteEnumNames(JsonWriter& writer, std::string_view key, Enum last) {
  writer.Key(key).BeginArray();
  for (int value = 0; value <= static_cast<int>(last); ++value) {
    writer.String(rollout::ToString(static_cast<Enum>(value)));
  }
  writer.EndArray();
}

/// What each cause is called, with and without a task that is waited for.
void WriteWaitingTexts(JsonWriter& writer) {
  for (const bool known : {true, false}) {
    writer.Key(known ? "causeTexts" : "causeTextsAlone").BeginArray();
    for (int cause = 0; cause < rollout::kWaitingCauseCount; ++cause) {
      writer.String(view::WaitingText(static_cast<rollout::WaitingCause>(cause), known));
    }
    writer.EndArray();
  }
  writer.Member("blockedText", view::kBlockedText);
}

void WriteHead(JsonWriter& writer, const Rollout& rollout, const sim::Timeline& timeline) {
  writer.Member("rollout", rollout.name).Member("digest", rollout.digest);
  writer.Member("status", rollout::ToString(timeline.status));
  writer.Member("start", base::FormatInstant(timeline.start));
  writer.Member("makespan", timeline.makespan().ms);
  writer.Key("stages").BeginArray();
  for (const rollout::StageIndex index : rollout.stages.indices()) {
    const rollout::Stage& stage = rollout.stages[index];
    writer.BeginObject().Member("name", rollout.StageName(index)).Member("title", stage.title);
    writer.Member("environment", stage.environment).EndObject();
  }
  writer.EndArray().Key("specs").BeginArray();
  for (const std::string& id : rollout.spec_ids) writer.String(id);
  writer.EndArray().Key("specLabels").BeginArray();
  for (const std::string& id : rollout.spec_ids) writer.String(view::SpecLabel(id));
  writer.EndArray().Key("databases").BeginArray();
  for (const rollout::Database& database : rollout.databases) writer.String(database.name);
  writer.EndArray();
  WriteEnumNames(writer, "statuses", rollout::TaskStatus::kInDoubt);
  WriteEnumNames(writer, "causes", rollout::WaitingCause::kNotRequested);
  WriteWaitingTexts(writer);
}

void WriteLanes(JsonWriter& writer, ColumnWriter& columns, const Rollout& rollout,
                const sim::Timeline& timeline) {
  const view::Lanes lanes = view::AssignLanes(rollout, timeline);
  writer.Key("lanes").BeginObject().Key("labels").BeginArray();
  for (const view::Lane& lane : lanes.lanes) writer.String(lane.label);
  writer.EndArray();
  columns.Write<std::int32_t>("rows", lanes.lanes,
                              [](const view::Lane& lane) { return lane.rows; });
  columns.Write<std::int32_t>("lane", lanes.lane,
                              [](view::LaneIndex lane) { return OrNone(lane); });
  columns.Write<std::int32_t>("row", lanes.row, [](std::uint32_t row) { return row; });
  writer.EndObject();
}

void WriteGroups(JsonWriter& writer, ColumnWriter& columns, const Rollout& rollout) {
  using Edge = std::pair<rollout::GroupIndex, rollout::GroupIndex>;
  std::vector<Edge> edges;
  for (const rollout::GroupIndex group : rollout.groups.indices()) {
    for (const rollout::GroupIndex on : rollout.groups[group].depends_on.Of(rollout.dependencies)) {
      edges.emplace_back(group, on);
    }
  }
  writer.Key("dependencies").BeginObject();
  columns.Write<std::int32_t>("group", edges, [](const Edge& edge) { return OrNone(edge.first); });
  columns.Write<std::int32_t>("on", edges, [](const Edge& edge) { return OrNone(edge.second); });
  writer.EndObject();
}

}  // namespace

void WriteTimelineColumns(JsonWriter& writer, const Rollout& rollout, const sim::Timeline& timeline,
                          std::vector<std::string>& attachments) {
  ColumnWriter columns(writer, attachments);
  const auto offset = [&](Instant time) {
    return time == Instant{-1} ? -1 : (time - timeline.start).ms;
  };
  writer.BeginObject();
  WriteHead(writer, rollout, timeline);

  using rollout::Task;
  using sim::TaskTimeline;
  writer.Key("tasks").BeginObject();
  columns.Write<std::int32_t>("stage", rollout.tasks,
                              [](const Task& t) { return OrNone(t.stage); });
  columns.Write<std::int32_t>("spec", rollout.tasks, [](const Task& t) { return t.spec; });
  columns.Write<std::int32_t>("database", rollout.tasks,
                              [](const Task& t) { return OrNone(t.database); });
  columns.Write<std::int32_t>("group", rollout.tasks,
                              [](const Task& t) { return OrNone(t.group); });
  columns.Write<std::uint8_t>("status", timeline.tasks,
                              [](const TaskTimeline& t) { return t.status; });
  columns.Write<std::int32_t>("attempts", timeline.tasks,
                              [](const TaskTimeline& t) { return t.attempts; });
  columns.Write<double>("start", timeline.tasks,
                        [&](const TaskTimeline& t) { return offset(t.start); });
  columns.Write<double>("end", timeline.tasks,
                        [&](const TaskTimeline& t) { return offset(t.end); });
  // What those wait for that have not run.
  columns.Write<std::uint8_t>("waiting", timeline.tasks,
                              [](const TaskTimeline& t) { return t.waiting.cause; });
  columns.Write<std::int32_t>("waitingBy", timeline.tasks,
                              [](const TaskTimeline& t) { return OrNone(t.waiting.by); });
  columns.Write<std::uint8_t>("blocked", timeline.tasks,
                              [](const TaskTimeline& t) { return t.waiting.blocked; });
  writer.EndObject();

  WriteLanes(writer, columns, rollout, timeline);
  WriteGroups(writer, columns, rollout);

  using TaskWait = std::pair<TaskIndex, sim::Wait>;
  writer.Key("waits").BeginObject();
  columns.Write<std::int32_t>("task", timeline.waits,
                              [](const TaskWait& w) { return OrNone(w.first); });
  columns.Write<std::uint8_t>("cause", timeline.waits,
                              [](const TaskWait& w) { return w.second.cause; });
  columns.Write<std::int32_t>("by", timeline.waits,
                              [](const TaskWait& w) { return OrNone(w.second.by); });
  columns.Write<double>("from", timeline.waits,
                        [&](const TaskWait& w) { return (w.second.from - timeline.start).ms; });
  columns.Write<double>("to", timeline.waits,
                        [&](const TaskWait& w) { return (w.second.to - timeline.start).ms; });
  writer.EndObject();

  columns.Write<std::int32_t>("criticalPath", timeline.critical_path,
                              [](TaskIndex task) { return OrNone(task); });
  writer.EndObject();
}

}  // namespace lockstep::api
