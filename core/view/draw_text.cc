#include "core/view/draw_text.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "core/base/check.h"
#include "core/base/text.h"
#include "core/view/drawing.h"
#include "core/view/labels.h"
#include "core/view/lanes.h"
#include "core/view/task_look.h"
#include "core/view/text_bars.h"
#include "core/view/times.h"

namespace lockstep::view {
namespace {

using rollout::Rollout;
using rollout::StageIndex;
using rollout::TaskIndex;

constexpr std::size_t kColumnsOfTick = 12;  // "59 min 30 s" and a blank

/// Columns of each part, from the left: labels, times and, when some tasks never ran, those.
struct Layout {
  std::size_t label = 0, left = 0, times = 0, parked = 0;
};

Layout LayOut(const Lanes& lanes, std::size_t columns, bool some_never_ran) {
  std::size_t longest = 0;
  for (const Lane& lane : lanes.lanes) {
    longest = std::max(longest, base::DisplayWidth(lane.label));
  }
  Layout layout;
  layout.label = std::min(longest, columns / 4);
  layout.left = layout.label + 1;
  if (some_never_ran) layout.parked = std::clamp<std::size_t>(columns / 5, 9, 24);
  layout.times = columns - layout.left - (some_never_ran ? layout.parked + 1 : 0);
  return layout;
}

class TextDrawing {
 public:
  TextDrawing(const Rollout& rollout, const sim::Timeline& timeline, const TextOptions& options)
      : rollout_(rollout),
        timeline_(timeline),
        columns_(static_cast<std::size_t>(options.columns)),
        style_(options.style),
        glyphs_(GlyphsOf(options.style.ascii)),
        lanes_(AssignLanes(rollout, timeline)),
        critical_(timeline.CriticalTasks()),
        layout_(LayOut(lanes_, columns_, SomeNeverRan(timeline))),
        times_(timeline, static_cast<std::int64_t>(layout_.times)) {
    ChooseLanes(options.rows);
  }

  std::string Draw() {
    if (!rollout_.title.empty()) {
      TextLine title(columns_);
      title.Put(0, Fit(Tidy(rollout_.title), columns_), Ink::kBold);
      Add(title);
    }
    if (!lanes_.lanes.empty()) {
      DrawAxis();
      DrawStages();
      for (LaneIndex lane : lanes_.lanes.indices()) DrawLane(lane);
      DrawRest();
    }
    DrawLegend();
    return std::move(out_);
  }

 private:
  std::string Tidy(std::string_view text) const { return view::Tidy(text, style_.ascii); }
  std::string Fit(std::string_view text, std::size_t columns) const {
    return FitColumns(text, columns, style_.ascii);
  }
  void Add(const TextLine& line) { out_ += line.Text(style_.color); }
  /// A column of the line. What begins at the very end is still to be seen.
  std::size_t X(base::Instant time) const {
    return layout_.left + std::min(static_cast<std::size_t>(times_.At(time)), layout_.times - 1);
  }
  std::size_t RightOfTimes() const { return layout_.left + layout_.times; }

  /// As many lanes as there are rows for, and in each the tasks of every row.
  void ChooseLanes(std::uint32_t rows) {
    std::vector<int> merit(lanes_.lanes.size(), 0);
    for (TaskIndex task : rollout_.tasks.indices()) {
      int& of_lane = merit[lanes_.lane[task].value()];
      of_lane = std::max(of_lane, Merit(timeline_.tasks[task], critical_[task]));
    }
    shown_rows_.resize(lanes_.lanes.size(), 0);
    for (int wanted = kHighestMerit; wanted >= 0; --wanted) {
      for (LaneIndex lane : lanes_.lanes.indices()) {
        if (merit[lane.value()] != wanted) continue;
        shown_rows_[lane] = std::min(lanes_.lanes[lane].rows, rows);
        rows -= shown_rows_[lane];
        if (shown_rows_[lane] != 0) continue;
        ++lanes_left_out_;
        troubled_left_out_ += wanted >= kMeritOfTrouble;
      }
    }
    tasks_of_.resize(lanes_.lanes.size());
    for (TaskIndex task : rollout_.tasks.indices()) {
      if (shown_rows_[lanes_.lane[task]] > 0) tasks_of_[lanes_.lane[task]].push_back(task);
    }
  }

  void DrawAxis() {
    TextLine labels(columns_), line(columns_);
    line.Fill(layout_.left, RightOfTimes(), glyphs_.axis, Ink::kDim);
    const auto most =
        static_cast<std::int64_t>(std::max<std::size_t>(layout_.times / kColumnsOfTick, 2));
    const base::Duration step = StepOfAxis({(times_.makespan() + most - 1) / most});
    std::size_t free = 0;
    for (base::Duration at{0}; at.ms <= times_.makespan(); at.ms += step.ms) {
      const std::size_t x = X(timeline_.start + at);
      line.Put(x, glyphs_.tick, Ink::kDim);
      const std::string label = base::FormatDuration(at);
      // The last one would reach beyond the border.
      const std::size_t from = std::min(x, RightOfTimes() - std::min(label.size(), layout_.times));
      if (from < free || label.size() > layout_.times) continue;
      labels.Put(from, label);
      free = from + label.size() + 1;
    }
    if (layout_.parked > 0) labels.Put(RightOfTimes() + 1, "never ran");
    Add(labels);
    Add(line);
  }

  /// Where stages begin, and the label of the first that begins there.
  void DrawStages() {
    std::map<std::size_t, StageIndex> begins;
    for (StageIndex stage : rollout_.stages.indices()) {
      const auto span = SpanOf(rollout_.stages[stage], timeline_);
      if (span) begins.emplace(X(span->start), stage);
    }
    bool whole = true;
    std::size_t next = RightOfTimes();
    std::vector<std::size_t> rooms;  // from the last to the first
    for (auto begin = begins.rbegin(); begin != begins.rend(); next = begin++->first) {
      rooms.push_back(next - begin->first - 1);
      whole = whole && base::DisplayWidth(StageText(begin->second, true)) <= rooms.back();
    }
    TextLine line(columns_);
    for (const auto& [x, stage] : begins) {
      boundaries_.push_back(x);
      line.Put(x, glyphs_.boundary, Ink::kDim);
      line.Put(x + 1, Fit(StageText(stage, whole), rooms.back()), Ink::kBold);
      rooms.pop_back();
    }
    Add(line);
  }

  std::string StageText(StageIndex index, bool whole) const {
    if (whole) return Tidy(StageLabel(rollout_, index));
    const std::string& title = rollout_.stages[index].title;
    return std::to_string(index.value() + 1) + (title.empty() ? "" : " " + Tidy(title));
  }

  void DrawLane(LaneIndex lane) {
    const std::uint32_t rows = shown_rows_[lane];
    for (std::uint32_t row = 0; row < rows; ++row) {
      TextLine line(columns_);
      if (row == 0) line.Put(0, Fit(Tidy(lanes_.lanes[lane].label), layout_.label));
      std::vector<TaskIndex> ran;
      for (TaskIndex task : tasks_of_[lane]) {
        if (lanes_.row[task] != row) continue;
        if (times_.Ran(task)) ran.push_back(task);
        DrawWaits(line, task);
      }
      for (std::size_t x : boundaries_) line.Put(x, glyphs_.boundary, Ink::kDim);
      DrawBars(line, std::move(ran));
      if (row == 0) DrawParked(line, lane);
      some_wait_ = some_wait_ || line.Has(glyphs_.wait);
      Add(line);
    }
    const std::uint32_t left_out = lanes_.lanes[lane].rows - rows;
    if (rows > 0 && left_out > 0) {
      out_ += WrapColumns("and " + std::to_string(left_out) + " more at the same time", columns_,
                          style_.ascii);
    }
  }

  void DrawWaits(TextLine& line, TaskIndex task) {
    auto wait = std::lower_bound(timeline_.waits.begin(), timeline_.waits.end(), task,
                                 [](const auto& item, TaskIndex at) { return item.first < at; });
    for (; wait != timeline_.waits.end() && wait->first == task; ++wait) {
      if (!IsTold(wait->second.cause)) continue;
      const auto to = layout_.left + static_cast<std::size_t>(times_.At(wait->second.to));
      line.Fill(X(wait->second.from), to, glyphs_.wait, Ink::kDim);
    }
  }

  void DrawBars(TextLine& line, std::vector<TaskIndex> tasks) {
    const std::vector<Bar> bars = PlaceBars(tasks, timeline_, times_, layout_.times);
    for (const Bar& bar : bars) DrawBar(line, bar);
    if (bars.empty() && !tasks.empty()) DrawCrowd(line, tasks);
  }

  void DrawBar(TextLine& line, const Bar& bar) {
    const sim::TaskTimeline& task = timeline_.tasks[bar.task];
    const Ink ink = InkOf(task);
    const char letter = LetterOf(task);
    const std::string sign = letter == 0 ? "" : std::string(1, letter);
    if (letter != 0) letters_.insert(letter);
    std::size_t x = layout_.left + bar.from;
    const std::size_t end = layout_.left + bar.to;
    if (end - x == 1) return line.Put(x, letter == 0 ? glyphs_.edge : sign, ink);
    line.Put(x++, glyphs_.edge, ink);
    line.Fill(x, end, FillOf(letter), ink);
    line.Put(x, sign, ink);
    x += sign.size();
    const std::string label = BarLabel(bar.task, end - x);
    if (!label.empty()) line.Put(x, label, ink);
  }

  std::string_view FillOf(char letter) const {
    return letter == 0 ? glyphs_.done : letter == 'R' ? glyphs_.running : glyphs_.other;
  }

  /// " *3 5a90c3f4 ", or as much of it as fits and says something.
  std::string BarLabel(TaskIndex task, std::size_t room) const {
    constexpr std::size_t kLeastOfSpec = 4;
    const std::string number = (critical_[task] ? "*" : "") + TaskNumber(task);
    if (room < number.size() + 2) return "";
    const std::string whole = number + " " + Tidy(SpecLabel(rollout_, task));
    if (base::DisplayWidth(whole) + 2 > room && room < number.size() + 3 + kLeastOfSpec) {
      return " " + number + " ";
    }
    return " " + Fit(whole, room - 2) + " ";
  }

  /// More tasks than columns: letters where some did not go well.
  void DrawCrowd(TextLine& line, const std::vector<TaskIndex>& tasks) {
    crowded_ = true;
    for (const bool well : {true, false}) {
      for (TaskIndex task : tasks) {
        const sim::TaskTimeline& at = timeline_.tasks[task];
        const char letter = LetterOf(at);
        if ((letter == 0) != well) continue;
        const std::size_t from = X(at.start), to = std::max(X(times_.EndOf(task)), from + 1);
        if (well) line.Fill(from, to, glyphs_.done, InkOf(at));
        if (!well) line.Fill(from, to, std::string(1, letter), InkOf(at));
        if (!well) letters_.insert(letter);
      }
    }
  }

  /// Tasks that never ran, beside the times: "B6 B8 +3". One that is DONE has no run on record.
  void DrawParked(TextLine& line, LaneIndex lane) {
    std::vector<TaskIndex> parked;
    for (TaskIndex task : tasks_of_[lane]) {
      if (!times_.Ran(task)) parked.push_back(task);
    }
    std::size_t x = RightOfTimes() + 1;
    for (std::size_t i = 0; i < parked.size(); ++i) {
      const sim::TaskTimeline& task = timeline_.tasks[parked[i]];
      const char letter = LetterOf(task) == 0 ? 'D' : LetterOf(task);
      const std::string entry = letter + TaskNumber(parked[i]);
      const std::string rest = "+" + std::to_string(parked.size() - i);
      const bool last = i + 1 == parked.size();
      if (x + entry.size() + (last ? 0 : rest.size() + 1) > columns_) {
        return line.Put(x, rest, Ink::kDim);
      }
      letters_.insert(letter);
      line.Put(x, entry, InkOf(task));
      x += entry.size() + 1;
    }
  }

  void DrawRest() {
    if (lanes_left_out_ == 0) return;
    std::string text = "and " + base::Plural(lanes_left_out_, "database") + " more";
    if (troubled_left_out_ > 0) {
      text += ", " + std::to_string(troubled_left_out_) + " of them with tasks that are not DONE";
    }
    out_ += WrapColumns(text, columns_, style_.ascii);
  }

  void DrawLegend() {
    std::string legend;
    const auto add = [&legend](std::string_view sign, std::string_view meaning) {
      legend.append(legend.empty() ? "" : ", ").append(sign).append(" ").append(meaning);
    };
    for (char letter : letters_) add(std::string(1, letter), MeaningOf(letter));
    if (some_wait_) add(glyphs_.wait, "held back");
    if (crowded_) add(glyphs_.done, "more tasks than columns");
    if (!out_.empty()) out_ += "\n";
    out_ += WrapColumns(legend, columns_, style_.ascii);
    out_ += WrapColumns(
        Caption(rollout_, timeline_) + ", starting " + base::FormatInstant(timeline_.start),
        columns_, style_.ascii);
    std::vector<std::string> path;
    for (TaskIndex task : timeline_.critical_path) path.push_back(TaskNumber(task));
    if (path.empty()) return;
    const std::string text = "critical path (*): " + base::Join(path, " > ");
    out_ += WrapColumns(Fit(text, columns_ * 2), columns_, style_.ascii);
  }

  const Rollout& rollout_;
  const sim::Timeline& timeline_;
  const std::size_t columns_;
  const TextStyle style_;
  const Glyphs& glyphs_;
  const Lanes lanes_;
  const base::IndexVector<TaskIndex, bool> critical_;
  const Layout layout_;
  const Times times_;
  base::IndexVector<LaneIndex, std::uint32_t> shown_rows_;
  base::IndexVector<LaneIndex, std::vector<TaskIndex>> tasks_of_;
  std::size_t lanes_left_out_ = 0, troubled_left_out_ = 0;
  std::vector<std::size_t> boundaries_;
  std::set<char> letters_;  // that stand in the drawing
  bool some_wait_ = false, crowded_ = false;
  std::string out_;
};

}  // namespace

std::string DrawText(const Rollout& rollout, const sim::Timeline& timeline,
                     const TextOptions& options) {
  LOCKSTEP_CHECK(options.columns >= kFewestColumns && options.columns <= kMostColumns,
                 "text lanes have a width within their bounds");
  LOCKSTEP_CHECK(options.rows > 0, "text lanes have a row");
  return TextDrawing(rollout, timeline, options).Draw();
}

}  // namespace lockstep::view
