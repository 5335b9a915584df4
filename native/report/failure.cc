#include "native/report/failure.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/view/labels.h"
#include "native/report/table.h"

namespace lockstep::report {
namespace {

using base::Printable;
using base::Shorten;
using view::DatabaseLabel;
using view::SpecLabel;
using view::TaskLabel;
using view::TaskNumber;

using diagnostics::Source;
using rollout::TaskIndex;

constexpr std::size_t kExcerptWidth = 100;
constexpr std::size_t kListedTasks = 5;

/// Null for tasks without a sheet (DATABASE_CREATE, BASELINE).
const Source* SheetOf(const native::StoredRollout& stored, TaskIndex task) {
  const check::CheckedPlan* checked = stored.workspace().checked();
  const auto& spec = checked->spec(plan::SpecIndex(stored.rollout().tasks[task].spec));
  if (!spec.sheet.valid() || !checked->sheet(spec.sheet).text.valid()) return nullptr;
  return &stored.workspace().sources()[checked->sheet(spec.sheet).text];
}

// The first `count` code points, or fewer at the end of the text.
std::string_view CodePoints(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  for (; count > 0 && at < text.size(); --count) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) ++at;
  }
  return text.substr(0, at);
}

/// "    4 | INSERT …" and the caret below. A long line is cut to a window around the column.
std::string Excerpt(const Source& sheet, const rollout::TaskError& error, const Paint& paint) {
  if (error.line == 0 || error.line > sheet.line_count()) return "";
  std::string_view line = sheet.Slice(sheet.LineSpan(error.line - 1));
  std::string_view before = error.column == 0 ? "" : CodePoints(line, error.column - 1);
  std::string cut;
  if (base::DisplayWidth(before) > kExcerptWidth / 2) {
    const std::size_t hidden = CodePoints(line, error.column - 1 - kExcerptWidth / 4).size();
    line.remove_prefix(hidden);
    before.remove_prefix(hidden);
    cut = "…";
  }
  const std::string gutter = "    " + std::to_string(error.line) + " | ";
  std::string text = gutter + cut + Shorten(Printable(line), kExcerptWidth) + "\n";
  if (error.column == 0) return text;
  const std::size_t indent = SeenWidth(cut) + base::DisplayWidth(Printable(before));
  return text + std::string(gutter.size() - 2, ' ') + "| " + std::string(indent, ' ') +
         paint.Red("^") + "\n";
}

/// Tasks that cannot go on because of this one.
std::vector<TaskIndex> HeldUp(const rollout::Scheduler& scheduler, TaskIndex blocker) {
  std::vector<TaskIndex> tasks;
  for (TaskIndex task : scheduler.rollout().tasks.indices()) {
    const rollout::Waiting waiting = scheduler.WaitingFor(task);
    if (waiting.by == blocker && waiting.cause != rollout::WaitingCause::kNone)
      tasks.push_back(task);
  }
  return tasks;
}

std::string HeldUpText(const rollout::Scheduler& scheduler, TaskIndex blocker) {
  const std::vector<TaskIndex> tasks = HeldUp(scheduler, blocker);
  if (tasks.empty()) return "";
  std::string list;
  for (std::size_t i = 0; i < std::min(tasks.size(), kListedTasks); ++i) {
    list += (i == 0 ? "" : ", ") + TaskNumber(tasks[i]);
  }
  if (tasks.size() > kListedTasks) list += ", …";
  return "  holds up " + base::Plural(tasks.size(), "task") + ": " + list + "\n";
}

}  // namespace

std::string FailurePlace(const native::StoredRollout& stored, TaskIndex task,
                         const rollout::TaskError& error) {
  const Source* sheet = SheetOf(stored, task);
  if (sheet == nullptr) return "";
  std::string place = sheet->name();
  if (error.line > 0) place += ":" + std::to_string(error.line);
  if (error.line > 0 && error.column > 0) place += ":" + std::to_string(error.column);
  return place;
}

std::string FailureText(const native::StoredRollout& stored, TaskIndex task,
                        const api::TaskReport& report, const Paint& paint) {
  const rollout::Rollout& rollout = stored.rollout();
  const rollout::State& state = stored.scheduler().state();
  const rollout::TaskError& error = report.error;
  std::string text = paint.Red(ToString(state.status(task))) + "  " + paint.Bold(TaskLabel(task)) +
                     ": " + SpecLabel(rollout, task) + " on " + DatabaseLabel(rollout, task) +
                     ", attempt " + std::to_string(state.attempt(task)) + "\n";
  const std::string place = FailurePlace(stored, task, error);
  if (!place.empty()) {
    text += "  " + place;
    if (error.statement > 0) text += ": statement " + std::to_string(error.statement);
    text += "\n";
    text += Excerpt(*SheetOf(stored, task), error, paint);
  }
  if (!error.message.empty()) {
    text += "  " + (error.code.empty() ? "" : error.code + ": ") + Printable(error.message) + "\n";
  }
  if (!error.detail.empty()) text += "  detail: " + Printable(error.detail) + "\n";
  if (!error.hint.empty()) text += "  hint: " + Printable(error.hint) + "\n";
  if (!report.detail.empty()) text += "  " + Printable(report.detail) + "\n";
  return text + HeldUpText(stored.scheduler(), task);
}

}  // namespace lockstep::report
