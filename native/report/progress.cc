#include "native/report/progress.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/diagnostics/render.h"
#include "core/view/labels.h"
#include "native/report/table.h"

namespace lockstep::report {
namespace {

using base::Printable;
using base::Shorten;
using view::DatabaseLabel;
using view::SpecLabel;
using view::StageLabel;
using view::TaskLabel;

using base::Duration;
using rollout::TaskIndex;
using rollout::TaskStatus;
using std::chrono::duration_cast;
using std::chrono::milliseconds;

constexpr milliseconds kRedraw{100};
constexpr milliseconds kReestimate{1000};
constexpr std::size_t kLanes = 8;
constexpr std::size_t kBarWidth = 24;
constexpr std::size_t kLongestLine = 4096;  ///< of a client; what is longer is shown in parts

std::string RunLabel(const rollout::Rollout& rollout, TaskIndex task) {
  return TaskLabel(task) + "  " + SpecLabel(rollout, task) + " on " + DatabaseLabel(rollout, task);
}

// "03:37:00Z": the date is in the ledger, and a rollout rarely sees two.
std::string TimeOfDay(base::Instant at) {
  return base::FormatInstant(at).substr(11, 8) + "Z";
}

}  // namespace

Progress::Progress(Output& output, ProgressOptions options)
    : output_(output), paint_(output.color()), options_(std::move(options)), live_(output) {}

void Progress::OnChecked(const api::Workspace& workspace) {
  if (workspace.diagnostics().empty()) return;
  pending_ +=
      options_.github
          ? diagnostics::RenderGithub(workspace.sources(), workspace.diagnostics())
          : diagnostics::RenderText(workspace.sources(), workspace.diagnostics(), output_.color());
  Refresh(true);
}

void Progress::OnRollout(const ledger::RolloutRecord& record, const rollout::Scheduler& scheduler) {
  Begin(scheduler);
  if (options_.quiet) return;
  if (options_.make_estimate && output_.movable()) estimate_ = options_.make_estimate(*rollout_);
  pending_ += paint_.Bold(record.name) + ": " + base::Plural(rollout_->tasks.size(), "task") +
              " in " + base::Plural(rollout_->stages.size(), "stage") + " on " +
              base::Plural(rollout_->databases.size(), "database");
  const std::size_t done = Count(TaskStatus::kDone) + Count(TaskStatus::kSkipped);
  if (done > 0) pending_ += ", " + std::to_string(done) + " done before";
  pending_ += "\n";
  Refresh(true);
}

void Progress::Begin(const rollout::Scheduler& scheduler) {
  rollout_ = &scheduler.rollout();
  statuses_.assign(rollout_->tasks.size(), TaskStatus::kNotStarted);
  counts_.assign(static_cast<std::size_t>(TaskStatus::kInDoubt) + 1, 0);
  counts_[0] = statuses_.size();
  for (TaskIndex task : rollout_->tasks.indices()) SetStatus(task, scheduler.state().status(task));
  for (rollout::StageIndex stage : rollout_->stages.indices()) {
    if (scheduler.state().stage_started(stage)) stage_ = stage;
  }
}

void Progress::OnEvents(std::span<const rollout::Event> events,
                        const rollout::Scheduler& scheduler) {
  if (rollout_ == nullptr) Begin(scheduler);  // skip and cancel run nothing: no OnRollout
  for (const rollout::Event& event : events) Tell(event);
  Refresh(false);
}

void Progress::Tell(const rollout::Event& event) {
  if (const auto* stage = std::get_if<rollout::StageStarted>(&event.fact)) {
    stage_ = stage->stage;
    Say(event.at, paint_.Bold(StageLabel(*rollout_, stage->stage)));
  } else if (const auto* created = std::get_if<rollout::TaskRunCreated>(&event.fact)) {
    SetStatus(created->task, TaskStatus::kPending);
  } else if (const auto* started = std::get_if<rollout::TaskRunStarted>(&event.fact)) {
    SetStatus(started->task, TaskStatus::kRunning);
    runs_[started->task] = {Clock::now(), event.at, 0};
    const std::string attempt =
        started->attempt > 1 ? ", attempt " + std::to_string(started->attempt) : "";
    // The live area shows what runs; in a pipe the start is news.
    if (!output_.movable())
      Say(event.at, RunLabel(*rollout_, started->task) + "  RUNNING" + attempt);
  } else if (const auto* waiting = std::get_if<rollout::TaskRunWaiting>(&event.fact)) {
    Say(event.at, RunLabel(*rollout_, waiting->task) + "  waits: " + Printable(waiting->detail));
  } else if (const auto* ended = std::get_if<rollout::TaskRunEnded>(&event.fact)) {
    TellEnd(event, *ended);
  } else if (const auto* resolved = std::get_if<rollout::TaskRunResolved>(&event.fact)) {
    const bool done = resolved->resolution == rollout::Resolution::kCommitted;
    SetStatus(resolved->task, done ? TaskStatus::kDone : TaskStatus::kFailed);
    Say(event.at, RunLabel(*rollout_, resolved->task) +
                      "  was in doubt: " + std::string(ToString(resolved->resolution)) +
                      (resolved->detail.empty() ? "" : ", " + Printable(resolved->detail)));
  } else if (const auto* skipped = std::get_if<rollout::TaskSkipped>(&event.fact)) {
    SetStatus(skipped->task, TaskStatus::kSkipped);
    Say(event.at, RunLabel(*rollout_, skipped->task) + "  " + paint_.Yellow("SKIPPED") + ": " +
                      Printable(skipped->reason));
  } else if (const auto* cancel = std::get_if<rollout::CancelRequested>(&event.fact)) {
    Say(event.at, RunLabel(*rollout_, cancel->task) + "  is being canceled");
  } else if (const auto* paused = std::get_if<rollout::RolloutPaused>(&event.fact)) {
    Say(event.at, paint_.Yellow("paused") + ": " + Printable(paused->reason));
  }
}

void Progress::TellEnd(const rollout::Event& event, const rollout::TaskRunEnded& ended) {
  constexpr std::pair<TaskStatus, const char*> kEnds[] = {{TaskStatus::kDone, "DONE"},
                                                          {TaskStatus::kFailed, "FAILED"},
                                                          {TaskStatus::kCanceled, "CANCELED"},
                                                          {TaskStatus::kInDoubt, "IN_DOUBT"}};
  const auto& [status, word] = kEnds[static_cast<std::size_t>(ended.outcome)];
  SetStatus(ended.task, status);
  last_end_ = Clock::now();
  std::string took;
  if (const auto run = runs_.find(ended.task); run != runs_.end()) {
    const Duration time = event.at - run->second.started_at;
    took = " in " + base::FormatDuration(time);
    if (status == TaskStatus::kDone) took_ = took_ + time, ++took_count_;
    runs_.erase(run);
  }
  std::string text = RunLabel(*rollout_, ended.task) + "  ";
  text += status == TaskStatus::kDone ? paint_.Green(word) : paint_.Red(word);
  text += took;
  if (!ended.error->message.empty()) {
    const std::string line =
        ended.error->line > 0 ? "line " + std::to_string(ended.error->line) + ": " : "";
    text += ": " + line + Printable(ended.error->message);
  } else if (!ended.detail.empty()) {
    text += ": " + Printable(ended.detail);
  }
  Say(event.at, text);
}

void Progress::Say(base::Instant at, const std::string& text) {
  if (!options_.quiet) pending_ += paint_.Dim(TimeOfDay(at)) + "  " + text + "\n";
}

void Progress::SetStatus(TaskIndex task, TaskStatus status) {
  --counts_[static_cast<std::size_t>(statuses_[task.value()])];
  statuses_[task.value()] = status;
  ++counts_[static_cast<std::size_t>(status)];
}

std::size_t Progress::Count(TaskStatus status) const {
  return counts_[static_cast<std::size_t>(status)];
}

std::size_t Progress::EndedCount() const {
  return Count(TaskStatus::kDone) + Count(TaskStatus::kSkipped) + Count(TaskStatus::kFailed) +
         Count(TaskStatus::kCanceled) + Count(TaskStatus::kInDoubt);
}

void Progress::OnProgress(TaskIndex task, std::uint32_t statements_done) {
  if (const auto run = runs_.find(task); run != runs_.end())
    run->second.statements_done = statements_done;
  Refresh(false);
}

void Progress::OnOutput(TaskIndex task, bool is_stderr, std::string_view bytes) {
  (void)is_stderr;
  if (!options_.verbose || options_.quiet) return;
  std::string& line = partial_lines_[task];
  for (char c : bytes) {
    if (c != '\n') line += c;
    if (c != '\n' && line.size() < kLongestLine) continue;
    pending_ += paint_.Dim(TaskLabel(task) + " |") + " " + Printable(line) + "\n";
    line.clear();
  }
  Refresh(false);
}

void Progress::OnNotice(std::string_view text) {
  pending_ += Printable(text) + "\n";
  Refresh(true);
}

void Progress::OnTick() {
  Refresh(false);
}

void Progress::Refresh(bool now) {
  if (!output_.movable() || options_.quiet) {
    if (!pending_.empty()) output_.Write(pending_);
    pending_.clear();
    return;
  }
  const auto time = Clock::now();
  if (!now && time - drawn_ < kRedraw) return;
  drawn_ = time;
  live_.Show(pending_, LiveLines());
  pending_.clear();
}

void Progress::Close() {
  rollout_ = nullptr;
  for (const auto& [task, line] : partial_lines_) {
    if (!line.empty())
      pending_ += paint_.Dim(TaskLabel(task) + " |") + " " + Printable(line) + "\n";
  }
  Refresh(true);
}

std::string Progress::Total() const {
  std::string text;
  for (std::size_t status = 0; status < counts_.size(); ++status) {
    if (counts_[status] == 0) continue;
    text += (text.empty() ? "" : ", ") + std::to_string(counts_[status]) + " " +
            std::string(ToString(static_cast<TaskStatus>(status)));
  }
  const Duration elapsed{duration_cast<milliseconds>(Clock::now() - started_).count()};
  return base::Plural(statuses_.size(), "task") + ": " + text + ", in " +
         base::FormatDuration(elapsed) + "\n";
}

std::vector<std::string> Progress::LiveLines() {
  if (rollout_ == nullptr) return {};
  // The last column stays empty: some terminals wrap when it is written.
  const std::size_t width = static_cast<std::size_t>(std::max(output_.width() - 1, 1));
  std::vector<std::string> lines = {BarLine(width)};
  const auto time = Clock::now();
  for (const auto& [task, run] : runs_) {
    if (lines.size() > kLanes) {
      lines.push_back(Shorten("  and " + std::to_string(runs_.size() - kLanes) + " more", width));
      break;
    }
    std::string line =
        "  > " + RunLabel(*rollout_, task) + "  " +
        base::FormatDuration({duration_cast<milliseconds>(time - run.since).count() / 100 * 100});
    if (run.statements_done > 0)
      line += ", " + base::Plural(run.statements_done, "statement") + " done";
    lines.push_back(paint_.Cyan(Shorten(line, width)));
  }
  return lines;
}

std::string Progress::BarLine(std::size_t width) {
  const std::size_t total = std::max<std::size_t>(statuses_.size(), 1);
  const std::size_t good = Count(TaskStatus::kDone) + Count(TaskStatus::kSkipped);
  const std::size_t bad = EndedCount() - good;
  const std::size_t good_cells = good * kBarWidth / total;
  const std::size_t bad_cells =
      std::min(kBarWidth - good_cells, (bad * kBarWidth + total - 1) / total);
  const Duration elapsed{duration_cast<milliseconds>(Clock::now() - started_).count() / 1000 *
                         1000};
  std::string words = std::to_string(good + bad) + "/" + std::to_string(statuses_.size());
  if (bad > 0) words += ", " + std::to_string(bad) + " failed";
  if (stage_.valid()) {
    words += ", stage " + std::to_string(stage_.value() + 1) + "/" +
             std::to_string(rollout_->stages.size());
  }
  words += ", " + base::FormatDuration(elapsed) + RestText();
  if (width < kBarWidth + 12) return Shorten(words, width);
  return "[" + paint_.Green(std::string(good_cells, '#')) +
         paint_.Red(std::string(bad_cells, '!')) +
         std::string(kBarWidth - good_cells - bad_cells, '.') + "] " +
         Shorten(words, width - kBarWidth - 3);
}

std::string Progress::RestText() {
  if (!estimate_ || took_count_ == 0) return "";
  const auto time = Clock::now();
  if (time - estimated_ >= kReestimate) {
    estimated_ = time;
    rest_ = estimate_(EndedCount(), Duration{took_.ms / static_cast<std::int64_t>(took_count_)});
  }
  if (rest_.ms < 0) return "";
  // The estimate counts from the end of the last task.
  const std::int64_t since = duration_cast<milliseconds>(time - last_end_).count();
  const Duration rest{std::max<std::int64_t>(rest_.ms - since, 0) / 1000 * 1000};
  return ", about " + base::FormatDuration(rest) + " left";
}

}  // namespace lockstep::report
