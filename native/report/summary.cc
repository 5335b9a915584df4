#include "native/report/summary.h"

#include <map>

#include "core/api/answers.h"
#include "core/base/text.h"
#include "core/view/labels.h"
#include "native/report/failure.h"
#include "native/report/output.h"
#include "native/report/status.h"
#include "native/report/table.h"

namespace lockstep::report {
namespace {

using base::Printable;
using view::DatabaseLabel;
using view::SpecLabel;
using view::TaskNumber;

using rollout::TaskIndex;
using rollout::TaskStatus;

constexpr std::size_t kExplained = 10;       // kinds of failures told at length
constexpr std::size_t kNamed = 10;           // tasks that failed alike
constexpr std::size_t kMarkdownRows = 1000;  // GitHub cuts a summary at 1 MiB

std::vector<TaskIndex> Failures(const rollout::Scheduler& scheduler) {
  std::vector<TaskIndex> tasks;
  for (TaskIndex task : scheduler.rollout().tasks.indices()) {
    const TaskStatus status = scheduler.state().status(task);
    if (status == TaskStatus::kFailed || status == TaskStatus::kInDoubt) tasks.push_back(task);
  }
  return tasks;
}

/// Failures that say the same, in the order of the first of each.
std::vector<std::vector<TaskIndex>> Alike(const native::StoredRollout& stored,
                                          const std::vector<TaskIndex>& failures,
                                          const std::vector<api::TaskReport>& reports) {
  std::vector<std::vector<TaskIndex>> groups;
  std::map<std::vector<std::string>, std::size_t> known;
  for (const TaskIndex task : failures) {
    const api::TaskReport& report = reports[task.value()];
    const rollout::TaskError& error = report.error;
    const auto [at, is_new] = known.try_emplace(
        {std::string(ToString(stored.scheduler().state().status(task))),
         FailurePlace(stored, task, error), error.code, error.message, error.detail, report.detail},
        groups.size());
    if (is_new) groups.emplace_back();
    groups[at->second].push_back(task);
  }
  return groups;
}

std::string OthersText(const rollout::Rollout& rollout, const std::vector<TaskIndex>& alike) {
  if (alike.size() == 1) return "";
  std::string text = "  the same: " + base::Plural(alike.size() - 1, "more task");
  for (std::size_t i = 1; i < alike.size() && i <= kNamed; ++i) {
    text += (i == 1 ? ": " : ", ") + DatabaseLabel(rollout, alike[i]) + " (" +
            TaskNumber(alike[i]) + ")";
  }
  return text + (alike.size() > kNamed + 1 ? ", …\n" : "\n");
}

std::string FailuresText(const native::StoredRollout& stored, const Paint& paint) {
  const std::vector<TaskIndex> failures = Failures(stored.scheduler());
  const std::vector<api::TaskReport> reports = api::ReportTasks(stored.rollout(), stored.events());
  std::string text;
  const std::vector<std::vector<TaskIndex>> groups = Alike(stored, failures, reports);
  for (std::size_t i = 0; i < groups.size() && i < kExplained; ++i) {
    const TaskIndex first = groups[i].front();
    text += FailureText(stored, first, reports[first.value()], paint) +
            OthersText(stored.rollout(), groups[i]) + "\n";
  }
  if (groups.size() > kExplained) {
    std::size_t more = 0;
    for (std::size_t i = kExplained; i < groups.size(); ++i) more += groups[i].size();
    text += "… and " + std::to_string(more) + " more; lockstep status shows them all\n\n";
  }
  return text;
}

std::string MarkdownCell(std::string_view text) {
  std::string cell;
  for (char c : Printable(text)) {
    if (c == '|' || c == '\\' || c == '`' || c == '<' || c == '*' || c == '_') cell += '\\';
    cell += c;
  }
  return cell;
}

}  // namespace

std::string SummaryText(const native::Outcome& outcome, const native::StoredRollout* stored,
                        bool color) {
  const Paint paint(color);
  std::string text;
  if (stored != nullptr)
    text += "\n" + FailuresText(*stored, paint) + CountsText(stored->scheduler()) + "\n";
  if (!outcome.message.empty()) text += outcome.message + "\n";
  for (const std::string& detail : outcome.details) text += "  " + detail + "\n";
  if (!outcome.next_command.empty())
    text += "go on with: " + paint.Bold(outcome.next_command) + "\n";
  return text;
}

std::string SummaryMarkdown(const native::Outcome& outcome, const native::StoredRollout& stored) {
  const rollout::Scheduler& scheduler = stored.scheduler();
  const rollout::Rollout& rollout = stored.rollout();
  const std::vector<api::TaskReport> reports = api::ReportTasks(rollout, stored.events());
  std::string text = "### " + MarkdownCell(rollout.name) + ": " +
                     std::string(ToString(scheduler.state().rollout_status())) + "\n\n" +
                     CountsText(scheduler) +
                     "\n\n| task | spec | database | status | time |\n|---:|---|---|---|---:|\n";
  for (TaskIndex task : rollout.tasks.indices()) {
    if (task.value() == kMarkdownRows) {
      text += "\nand " + std::to_string(rollout.tasks.size() - kMarkdownRows) + " more\n";
      break;
    }
    const api::TaskReport& report = reports[task.value()];
    const bool timed = report.start.ms >= 0 && report.end.ms >= 0;
    text += "| " + TaskNumber(task) + " | " + MarkdownCell(SpecLabel(rollout, task)) + " | " +
            MarkdownCell(DatabaseLabel(rollout, task)) + " | " +
            std::string(StatusWord(scheduler, task)) + " | " +
            (timed ? base::FormatDuration(report.end - report.start) : "") + " |\n";
  }
  const std::string failures = FailuresText(stored, Paint(false));
  // Four blanks make a code block that no text inside can end.
  std::string block;
  for (std::size_t begin = 0; begin < failures.size();) {
    const std::size_t end = std::min(failures.find('\n', begin), failures.size());
    block += "    " + failures.substr(begin, end - begin) + "\n";
    begin = end + 1;
  }
  if (!block.empty()) text += "\n" + block;
  if (!outcome.next_command.empty()) text += "\nGo on with `" + outcome.next_command + "`\n";
  return text;
}

}  // namespace lockstep::report
