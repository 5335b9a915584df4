#include <algorithm>
#include <vector>

#include "core/base/text.h"
#include "core/view/draw.h"
#include "core/view/labels.h"
#include "core/view/lanes.h"
#include "core/view/task_look.h"
#include "core/view/times.h"

namespace lockstep::view {
namespace {

using base::Instant;
using rollout::Rollout;
using rollout::StageIndex;
using rollout::TaskIndex;

constexpr Tenths kAxisHeight = Px(22), kStageHeight = Px(24), kRowHeight = Px(22);
constexpr Tenths kLaneGap = Px(8), kSmallestBar = Px(2);
constexpr Tenths kParkedSize = Px(18), kMostParked = 6;
constexpr Tenths kParkedWidth = kMostParked * (kParkedSize + Px(3)) + kMargin;

class LanesDrawing {
 public:
  LanesDrawing(const Rollout& rollout, const sim::Timeline& timeline, int width)
      : rollout_(rollout),
        timeline_(timeline),
        lanes_(AssignLanes(rollout, timeline)),
        critical_(timeline.CriticalTasks()),
        width_(Px(width)),
        label_width_(std::clamp(width_ / 5, Px(72), Px(190))),
        left_(kMargin + label_width_ + kMargin),
        right_(width_ - kMargin - (SomeNeverRan(timeline) ? kParkedWidth : 0)),
        times_(timeline, right_ - left_) {
    Tenths y = kAxisHeight + kStageHeight + kLaneGap / 2;
    for (const Lane& lane : lanes_.lanes) {
      lane_y_.push_back(y);
      y += kRowHeight * lane.rows + kLaneGap;
    }
    height_ = y + kMargin;
  }

  Canvas Draw() {
    DrawStages();
    DrawAxis();
    DrawLaneLabels();
    DrawWaits();
    DrawTasks();
    DrawParked();
    std::string attributes = " data-left=\"" + Number(left_) + "\" data-right=\"" + Number(right_) +
                             "\" data-makespan=\"" + std::to_string(times_.makespan()) + "\"";
    return {std::move(attributes), width_, height_, svg_.Take()};
  }

 private:
  Tenths X(Instant time) const { return left_ + times_.At(time); }

  void DrawStages() {
    for (StageIndex index : rollout_.stages.indices()) {
      const rollout::Stage& stage = rollout_.stages[index];
      const auto span = SpanOf(stage, timeline_);
      if (!span) continue;
      const Tenths x = X(span->start), width = std::max(X(span->end) - x, kSmallestBar);
      svg_.Open("g", " class=\"stage\" data-stage=\"" + std::to_string(index.value()) + "\"");
      svg_.Title(StageLabel(rollout_, index));
      svg_.Rect("band", x, kAxisHeight, width, height_ - kAxisHeight - kMargin / 2, Px(4));
      const std::string label =
          Fit(stage.title.empty() ? StageLabel(rollout_, index) : stage.title, width / 10 - 8);
      if (!label.empty()) svg_.Text("strong", x + Px(4), kAxisHeight + Px(16), label);
      svg_.Close();
    }
  }

  void DrawAxis() {
    const std::int64_t most = std::max<std::int64_t>((right_ - left_) / Px(86), 1);
    const base::Duration step = StepOfAxis({(times_.makespan() + most - 1) / most});
    for (base::Duration at{0}; at.ms <= times_.makespan(); at.ms += step.ms) {
      const Tenths x = X(timeline_.start + at);
      svg_.Path("line", "M" + Number(x) + " " + Number(kAxisHeight - Px(4)) + "V" +
                            Number(height_ - kMargin));
      // The last ones would reach beyond the border.
      const bool at_end = x + Px(40) > width_;
      svg_.Text(at_end ? "faint end" : "faint", at_end ? right_ : x, Px(13),
                base::FormatDuration(at));
    }
  }

  void DrawLaneLabels() {
    for (LaneIndex index : lanes_.lanes.indices()) {
      const Tenths y = lane_y_[index.value()];
      const std::string& label = lanes_.lanes[index].label;
      svg_.Open("g", " class=\"lane\" data-lane=\"" + std::to_string(index.value()) + "\"");
      svg_.Title(label);
      svg_.Text("end", left_ - kMargin, y + Px(15), Fit(label, label_width_ / 10));
      svg_.Close();
      svg_.Path("line", "M" + Number(kMargin) + " " + Number(y - kLaneGap / 2) + "H" +
                            Number(width_ - kMargin));
    }
  }

  void DrawWaits() {
    for (const auto& [task, wait] : timeline_.waits) {
      if (!IsTold(wait.cause) || wait.to == wait.from) continue;
      svg_.Rect("wait", X(wait.from), RowY(task) + kRowHeight - Px(3), X(wait.to) - X(wait.from),
                Px(2));
    }
  }

  Tenths RowY(TaskIndex task) const {
    return lane_y_[lanes_.lane[task].value()] + kRowHeight * lanes_.row[task];
  }

  void OpenTask(TaskIndex task) {
    svg_.Open("g", " class=\"task " + StatusClasses(timeline_.tasks[task]) +
                       (critical_[task] ? " critical" : "") + "\" data-task=\"" +
                       std::to_string(task.value()) + "\"");
    svg_.Title(TaskLabel(task) + ": " + SpecLabel(rollout_, task) + " on " +
               DatabaseLabel(rollout_, task) + ": " + StatusText(rollout_, timeline_, task));
  }

  void DrawTasks() {
    for (TaskIndex task : rollout_.tasks.indices()) {
      if (!times_.Ran(task)) continue;
      const Tenths x = X(timeline_.tasks[task].start);
      const Tenths width = std::max(X(times_.EndOf(task)) - x, kSmallestBar);
      OpenTask(task);
      svg_.Rect("box", x, RowY(task) + Px(1), width, kRowHeight - Px(4), Px(3));
      std::string label(Mark(timeline_.tasks[task]));
      if (!label.empty()) label += " ";
      label = Fit(label + TaskNumber(task) + " " + SpecLabel(rollout_, task), width / 10 - 6);
      if (!label.empty()) svg_.Text("", x + Px(4), RowY(task) + Px(14), label);
      svg_.Close();
    }
  }

  /// Tasks that never ran stand beside the times, a small box each.
  void DrawParked() {
    std::vector<std::uint32_t> parked(lanes_.lanes.size(), 0), drawn(lanes_.lanes.size(), 0);
    for (TaskIndex task : rollout_.tasks.indices()) {
      if (!times_.Ran(task)) ++parked[lanes_.lane[task].value()];
    }
    for (TaskIndex task : rollout_.tasks.indices()) {
      if (times_.Ran(task)) continue;
      const std::uint32_t lane = lanes_.lane[task].value();
      const std::uint32_t place = drawn[lane]++;
      const Tenths x = right_ + kMargin * 2 + place * (kParkedSize + Px(3));
      if (place + 1 >= kMostParked && parked[lane] > kMostParked) {
        if (place + 1 == kMostParked) {
          svg_.Text("faint", x, lane_y_[lane] + Px(14), "+" + std::to_string(parked[lane] - place));
        }
        continue;
      }
      OpenTask(task);
      svg_.Rect("box", x, lane_y_[lane] + Px(1), kParkedSize, kRowHeight - Px(4), Px(3));
      const std::string_view mark = Mark(timeline_.tasks[task]);
      if (!mark.empty()) {
        svg_.Text("middle", x + kParkedSize / 2, lane_y_[lane] + Px(14), mark);
      }
      svg_.Close();
    }
    if (SomeNeverRan(timeline_))
      svg_.Text("faint", right_ + kMargin * 2, kAxisHeight + Px(16), "not run");
  }

  const Rollout& rollout_;
  const sim::Timeline& timeline_;
  const Lanes lanes_;
  const base::IndexVector<TaskIndex, bool> critical_;
  const Tenths width_, label_width_, left_, right_;  // left and right: of the times
  const Times times_;
  Tenths height_ = 0;
  std::vector<Tenths> lane_y_;
  Svg svg_;
};

}  // namespace

Canvas DrawLanes(const Rollout& rollout, const sim::Timeline& timeline, int width) {
  return LanesDrawing(rollout, timeline, width).Draw();
}

}  // namespace lockstep::view
