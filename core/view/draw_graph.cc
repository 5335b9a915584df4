#include <algorithm>
#include <set>
#include <utility>

#include "core/base/text.h"
#include "core/view/draw.h"
#include "core/view/labels.h"
#include "core/view/layers.h"
#include "core/view/task_look.h"

namespace lockstep::view {
namespace {

using rollout::GroupIndex;
using rollout::Rollout;
using rollout::StageIndex;
using rollout::TaskIndex;
using rollout::TaskStatus;

constexpr Tenths kNodeWidth = Px(168), kNodeHeight = Px(40), kColumnGap = Px(44);
constexpr Tenths kRowGap = Px(14), kPadding = Px(12), kHeader = Px(26);

/// The more somebody has to know of it, the higher.
int Loudness(const sim::TaskTimeline& line) {
  if (line.waiting.blocked) return 5;
  switch (line.status) {
    case TaskStatus::kFailed:
      return 7;
    case TaskStatus::kInDoubt:
      return 6;
    case TaskStatus::kCanceled:
      return 4;
    case TaskStatus::kRunning:
    case TaskStatus::kPending:
      return 3;
    case TaskStatus::kNotStarted:
      return 2;
    case TaskStatus::kSkipped:
      return 1;
    case TaskStatus::kDone:
      return 0;
  }
  return 0;
}

class GraphDrawing {
 public:
  GraphDrawing(const Rollout& rollout, const sim::Timeline& timeline)
      : rollout_(rollout),
        timeline_(timeline),
        layers_(AssignLayers(rollout)),
        critical_(timeline.CriticalTasks()) {
    // Between two stages there is room for the borders of both.
    column_x_.resize(layers_.column_count);
    Tenths x = kMargin;
    for (StageIndex stage : rollout.stages.indices()) {
      const base::Slice columns = layers_.columns[stage];
      for (std::uint32_t column = columns.begin; column < columns.end; ++column) {
        column_x_[column] = x + kPadding;
        x += kNodeWidth + (column + 1 < columns.end ? kColumnGap : kPadding * 2);
      }
      x += kMargin * 2;
    }
    width_ = x - kMargin;
    height_ = kMargin * 2 + kHeader + kPadding + layers_.row_count * (kNodeHeight + kRowGap);
    FindCriticalEdges();
  }

  Canvas Draw() {
    DrawStages();
    DrawEdges();
    for (GroupIndex group : rollout_.groups.indices()) DrawGroup(group);
    return {"", width_, height_, svg_.Take()};
  }

 private:
  Tenths X(GroupIndex group) const { return column_x_[layers_.places[group].column]; }
  Tenths Y(GroupIndex group) const {
    return kMargin + kHeader + layers_.places[group].row * (kNodeHeight + kRowGap);
  }

  void FindCriticalEdges() {
    for (std::size_t at = 1; at < timeline_.critical_path.size(); ++at) {
      critical_edges_.emplace(rollout_.tasks[timeline_.critical_path[at - 1]].group,
                              rollout_.tasks[timeline_.critical_path[at]].group);
    }
  }

  void DrawStages() {
    for (StageIndex index : rollout_.stages.indices()) {
      const base::Slice columns = layers_.columns[index];
      const Tenths x = column_x_[columns.begin] - kPadding;
      const Tenths width = column_x_[columns.end - 1] + kNodeWidth + kPadding - x;
      const std::string label = StageLabel(rollout_, index);
      svg_.Open("g", " class=\"stage\" data-stage=\"" + std::to_string(index.value()) + "\"");
      svg_.Title(label);
      svg_.Rect("band", x, kMargin, width, height_ - kMargin * 2, Px(6));
      const std::string& title = rollout_.stages[index].title;
      svg_.Text("strong", x + kPadding, kMargin + Px(17),
                Fit(title.empty() ? label : title, (width - kPadding * 2) / 10));
      svg_.Close();
    }
  }

  void DrawEdges() {
    for (GroupIndex to : rollout_.groups.indices()) {
      for (GroupIndex from : rollout_.groups[to].depends_on.Of(rollout_.dependencies)) {
        DrawEdge(from, to);
      }
    }
  }

  void DrawEdge(GroupIndex from, GroupIndex to) {
    const Tenths x1 = X(from) + kNodeWidth, y1 = Y(from) + kNodeHeight / 2;
    const Tenths x2 = X(to), y2 = Y(to) + kNodeHeight / 2, tip = Px(7);
    const Tenths bend = std::max((x2 - x1) / 2, Px(20));
    const std::string start = Number(x1) + " " + Number(y1);
    const std::string end = Number(x2 - tip) + " " + Number(y2);
    const bool critical = critical_edges_.contains({from, to});
    svg_.Open("g", std::string(" class=\"edge") + (critical ? " critical" : "") +
                       "\" data-from=\"" + std::to_string(from.value()) + "\" data-to=\"" +
                       std::to_string(to.value()) + "\"");
    svg_.Path("", "M" + start + "C" + Number(x1 + bend) + " " + Number(y1) + " " +
                      Number(x2 - tip - bend) + " " + Number(y2) + " " + end);
    svg_.Path("arrow", "M" + Number(x2) + " " + Number(y2) + "l-7 -4v8z");
    svg_.Close();
  }

  void DrawGroup(GroupIndex group) {
    const auto tasks = rollout_.groups[group].tasks.Of(rollout_.group_tasks);
    const TaskIndex first = tasks.front();
    TaskIndex loudest = first;
    bool critical = false;
    for (TaskIndex task : tasks) {
      if (Loudness(timeline_.tasks[task]) > Loudness(timeline_.tasks[loudest])) loudest = task;
      critical |= critical_[task];
    }
    const Tenths x = X(group), y = Y(group);
    svg_.Open("g", " class=\"group " + StatusClasses(timeline_.tasks[loudest]) +
                       (critical ? " critical" : "") + "\" data-group=\"" +
                       std::to_string(group.value()) + "\" data-task=\"" +
                       std::to_string(loudest.value()) + "\"");
    svg_.Title(Explain(tasks, first));
    svg_.Rect("box", x, y, kNodeWidth, kNodeHeight, Px(5));
    std::string label(Mark(timeline_.tasks[loudest]));
    if (!label.empty()) label += " ";
    svg_.Text("strong", x + Px(8), y + Px(16),
              Fit(label + SpecLabel(rollout_, first), (kNodeWidth - Px(16)) / 10));
    const std::string where = Where(tasks);
    svg_.Text("", x + Px(8), y + Px(32), Fit(where, (kNodeWidth - Px(16)) / 10));
    svg_.Close();
  }

  /// Where a spec has come only half of its way, its colour alone would say too much.
  std::string Where(std::span<const TaskIndex> tasks) const {
    if (tasks.size() == 1) return DatabaseLabel(rollout_, tasks.front());
    const std::string all = base::Plural(tasks.size(), "database");
    const auto done = std::count_if(tasks.begin(), tasks.end(), [&](TaskIndex task) {
      return timeline_.tasks[task].status == TaskStatus::kDone;
    });
    if (done == 0 || done == std::ssize(tasks)) return all;
    return std::to_string(done) + " of " + all + " done";
  }

  std::string Explain(std::span<const TaskIndex> tasks, TaskIndex first) const {
    constexpr std::size_t kMostLines = 10;
    std::string text = rollout_.spec_ids[rollout_.tasks[first].spec];
    for (std::size_t at = 0; at < tasks.size() && at < kMostLines; ++at) {
      text += (at == 0 ? ": " : "; ") + TaskLabel(tasks[at]) + " on " +
              DatabaseLabel(rollout_, tasks[at]) + " " + StatusText(rollout_, timeline_, tasks[at]);
    }
    if (tasks.size() > kMostLines) {
      text += "; and " + std::to_string(tasks.size() - kMostLines) + " more";
    }
    return text;
  }

  const Rollout& rollout_;
  const sim::Timeline& timeline_;
  const Layers layers_;
  const base::IndexVector<TaskIndex, bool> critical_;
  std::set<std::pair<GroupIndex, GroupIndex>> critical_edges_;
  std::vector<Tenths> column_x_;
  Tenths width_ = 0, height_ = 0;
  Svg svg_;
};

}  // namespace

Canvas DrawGraph(const Rollout& rollout, const sim::Timeline& timeline) {
  return GraphDrawing(rollout, timeline).Draw();
}

}  // namespace lockstep::view
