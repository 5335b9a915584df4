// Progress: what a person sees while a rollout runs. Plain lines in a pipe; on a terminal the same
// lines with a live area below (stage, bar, elapsed, estimate, running tasks), redrawn at most ten
// times a second.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "native/report/live_area.h"
#include "native/report/output.h"
#include "native/runner.h"

namespace lockstep::report {

/// How long the rest will take when `done` tasks have ended and a task takes `mean`; negative: not
/// known.
using Estimate = std::function<base::Duration(std::size_t done, base::Duration mean)>;

struct ProgressOptions {
  bool quiet = false;    ///< only notices: somebody else (NDJSON, JSON) is told the rest
  bool verbose = false;  ///< what the clients write, too
  bool github = false;   ///< findings as annotations
  std::function<Estimate(const rollout::Rollout&)> make_estimate;
};

class Progress : public native::RunListener {
 public:
  Progress(Output& output, ProgressOptions options);

  void OnChecked(const api::Workspace& workspace) override;
  void OnRollout(const ledger::RolloutRecord& record, const rollout::Scheduler& scheduler) override;
  void OnEvents(std::span<const rollout::Event> events,
                const rollout::Scheduler& scheduler) override;
  void OnProgress(rollout::TaskIndex task, std::uint32_t statements_done) override;
  void OnOutput(rollout::TaskIndex task, bool is_stderr, std::string_view bytes) override;
  void OnNotice(std::string_view text) override;
  void OnTick() override;

  /// "6 tasks: 6 DONE, in 1.2 s", as of the last event.
  std::string Total() const;
  /// Removes the live area, so that what is written next starts on a clean line. The last call.
  void Close();

 private:
  using Clock = std::chrono::steady_clock;
  struct Run {
    Clock::time_point since;
    base::Instant started_at;
    std::uint32_t statements_done = 0;
  };

  void Begin(const rollout::Scheduler& scheduler);
  void Tell(const rollout::Event& event);
  void TellEnd(const rollout::Event& event, const rollout::TaskRunEnded& ended);
  void Say(base::Instant at, const std::string& text);
  void SetStatus(rollout::TaskIndex task, rollout::TaskStatus status);
  std::size_t Count(rollout::TaskStatus status) const;
  std::size_t EndedCount() const;
  /// Writes what is pending; on a terminal only when a tenth of a second has passed, or `now`.
  void Refresh(bool now);
  std::vector<std::string> LiveLines();
  std::string BarLine(std::size_t width);
  std::string RestText();

  Output& output_;
  const Paint paint_;
  const ProgressOptions options_;
  LiveArea live_;
  Estimate estimate_;
  const rollout::Rollout* rollout_ = nullptr;
  std::vector<rollout::TaskStatus> statuses_;
  std::vector<std::size_t> counts_;  // by TaskStatus
  std::map<rollout::TaskIndex, Run> runs_;
  std::map<rollout::TaskIndex, std::string> partial_lines_;  // of the clients' output
  rollout::StageIndex stage_;
  base::Duration took_{0};  // by the runs that ended well, in all
  std::size_t took_count_ = 0;
  Clock::time_point started_ = Clock::now();
  Clock::time_point drawn_{}, estimated_{}, last_end_{};
  base::Duration rest_{-1};  // as of estimated_
  std::string pending_;      // lines that are not written yet
};

}  // namespace lockstep::report
