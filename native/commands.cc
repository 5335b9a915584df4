// run, retry, skip, cancel of tasks: to the runner that is at work, or done here when there is
// none.
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <set>

#include "core/base/text.h"
#include "core/rollout/task_run.h"
#include "native/approval.h"
#include "native/clock.h"
#include "native/connection/read_file.h"
#include "native/runner.h"
#include "native/session.h"

namespace lockstep::native {

using ledger::Command;
using ledger::Ledger;
using rollout::TaskIndex;
using rollout::TaskStatus;

namespace {

constexpr int kHandledWaitMs = 3000;

bool CanBeRun(TaskStatus s) {
  return rollout::Next(s, rollout::Transition::kCreated).has_value();
}
bool CanBeRetried(TaskStatus s) {
  return s == TaskStatus::kFailed || s == TaskStatus::kCanceled;
}
bool CanBeSkipped(TaskStatus s) {
  return s != TaskStatus::kRunning && s != TaskStatus::kDone;
}
bool CanBeCanceled(TaskStatus s) {
  return s == TaskStatus::kPending || s == TaskStatus::kRunning;
}

struct Verb {
  Command::Kind kind;
  const char* name;
  bool (*fits)(TaskStatus);
  const char* fitting;
  bool all_or_nothing = false;  // every task that is named has to fit
};
constexpr Verb kRun{Command::Kind::kRun, "run", CanBeRun, "NOT_STARTED, FAILED or CANCELED", true};
constexpr Verb kRetry{Command::Kind::kRetry, "retry", CanBeRetried, "FAILED or CANCELED"};
constexpr Verb kSkip{Command::Kind::kSkip, "skip", CanBeSkipped, "not RUNNING and not DONE"};
constexpr Verb kCancel{Command::Kind::kCancel, "cancel", CanBeCanceled, "PENDING or RUNNING"};

base::Error Misfit(const Verb& verb, const std::string& task, TaskStatus status) {
  const std::string is = task + " is " + std::string(rollout::ToString(status));
  const bool has_run = status == TaskStatus::kPending || status == TaskStatus::kRunning ||
                       status == TaskStatus::kDone;
  if (verb.kind == Command::Kind::kRun && has_run) {
    // In the words of Bytebase's server, which its clients know.
    return {
        base::ErrorCode::kFailedPrecondition,
        is + ": cannot create pending task runs because there are pending/running/done task runs"};
  }
  return {base::ErrorCode::kFailedPrecondition,
          is + "; " + verb.name + " is for tasks that are " + verb.fitting};
}

/// The tasks that the words name and that the verb fits. A task that was named by itself has to
/// fit; of a spec's tasks those are taken that do, unless it is all or nothing.
base::Result<std::vector<TaskIndex>> Choose(const Verb& verb, const TaskSelection& selection,
                                            const rollout::Rollout& rollout,
                                            const rollout::State& state) {
  std::vector<TaskIndex> chosen;
  const auto add = [&](TaskIndex task) {
    if (verb.fits(state.status(task))) chosen.push_back(task);
  };
  if (selection.failed) {
    for (const TaskIndex task : rollout.tasks.indices()) add(task);
  }
  for (const std::string& word : selection.tasks) {
    const auto named = SelectTasks(rollout, {&word, 1});
    if (!named.ok()) return named.error();
    const auto misfit = std::find_if(named->begin(), named->end(), [&](TaskIndex task) {
      return !verb.fits(state.status(task));
    });
    const std::size_t before = chosen.size();
    for (const TaskIndex task : *named) add(task);
    if (misfit != named->end() && (verb.all_or_nothing || chosen.size() == before))
      return Misfit(verb, rollout.TaskName(*misfit), state.status(*misfit));
  }
  std::sort(chosen.begin(), chosen.end());
  chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
  return chosen;
}

/// What was decided about a rollout does not hold for what it was made into since.
base::Status CheckDigest(const TaskSelection& selection, const ledger::RolloutRecord& record) {
  if (selection.digest.empty() || selection.digest == record.digest) return {};
  return base::Error{base::ErrorCode::kUnavailable,
                     record.name + " was changed at the same moment; try again"};
}

/// Leaves the command to the runner at work and waits until that one has seen it. Nothing when it
/// was gone before: the command is then withdrawn, for the caller to do it.
std::optional<Outcome> HandOver(Ledger& ledger, const StoredRollout& stored, const Verb& verb,
                                const std::vector<TaskIndex>& tasks, const std::string& reason,
                                const ledger::LeaseHolder& holder) {
  const ledger::RolloutId rollout = stored.record().id;
  Command command{.id = 0, .kind = verb.kind, .tasks = {}, .reason = reason, .created = RealNow()};
  for (const TaskIndex task : tasks) command.tasks.push_back(stored.rollout().TaskName(task));
  const auto id = ledger.AddCommand(rollout, command, stored.record().digest);
  if (!id.ok()) return Refusal(id.error());
  bool handled = false;
  for (int waited = 0; !handled && waited < kHandledWaitMs; waited += 20) {
    usleep(20'000);
    const auto asked = ledger.IsHandled(*id);
    handled = asked.ok() && *asked;
    const auto now_held = ledger::Lease::HolderOf(ledger, rollout);
    if (handled || !now_held.ok() || *now_held) continue;
    const base::Status status = ledger.Withdraw(*id, RealNow());
    if (status.ok()) return std::nullopt;
    return Refusal(status.error());
  }
  Outcome outcome;
  outcome.rollout = stored.record().name;
  outcome.status = stored.scheduler().state().rollout_status();
  outcome.forwarded = true;
  outcome.message = std::string(verb.name) + (handled ? " was taken over by " : " was left for ") +
                    ledger::ToString(holder);
  return outcome;
}

rollout::Input InputOf(const Verb& verb, std::vector<TaskIndex> tasks, const std::string& reason) {
  switch (verb.kind) {
    case Command::Kind::kRun:
      return rollout::RunTasks{std::move(tasks)};
    case Command::Kind::kRetry:
      return rollout::Retry{std::move(tasks)};
    case Command::Kind::kSkip:
      return rollout::Skip{std::move(tasks), reason};
    case Command::Kind::kCancel:
      break;
  }
  if (tasks.empty()) return rollout::Pause{reason.empty() ? "canceled" : reason, true};
  return rollout::Cancel{std::move(tasks), reason};
}

/// Those that the verb is for; empty for a whole rollout. Whether they are approved is looked at
/// here for a retry; the service, which alone asks for them to be run, has done so.
base::Result<std::vector<TaskIndex>> TasksFor(const Verb& verb, const TaskSelection& selection,
                                              const StoredRollout& stored, Ledger& ledger) {
  const bool whole = verb.kind == Command::Kind::kCancel && selection.tasks.empty();
  if (whole) return std::vector<TaskIndex>();
  auto chosen = Choose(verb, selection, stored.rollout(), stored.scheduler().state());
  if (chosen.ok() && chosen->empty()) {
    return base::Error{
        base::ErrorCode::kFailedPrecondition,
        "nothing to " + std::string(verb.name) + ": no such task is " + verb.fitting};
  }
  if (chosen.ok() && verb.kind == Command::Kind::kRetry) {
    if (auto approved = CheckApproved(ledger, stored, *chosen); !approved.ok())
      return approved.error();
  }
  return chosen;
}

/// A rollout keeps the sheets that it was made from. Whoever mended a file since has to know.
void NoticeMendedSheets(const StoredRollout& stored, const std::vector<TaskIndex>& tasks,
                        RunListener& listener) {
  const check::CheckedPlan& checked = *stored.workspace().checked();
  std::set<check::SheetIndex> looked_at;
  for (const TaskIndex task : tasks) {
    const plan::SpecIndex spec(stored.rollout().tasks[task].spec);
    const check::SheetIndex sheet = checked.spec(spec).sheet;
    if (!sheet.valid() || !checked.sheet(sheet).text.valid()) continue;
    if (!looked_at.insert(sheet).second) continue;
    const diagnostics::Source& source = stored.workspace().sources()[checked.sheet(sheet).text];
    const auto now = connection::ReadFile(source.name(), source.text().size(),
                                          connection::Readable::kRegularFile);
    const bool same =
        now.ok() ? *now == source.text() : now.error().code != base::ErrorCode::kResourceExhausted;
    if (same) continue;
    listener.OnNotice(source.name() +
                      " has changed since this rollout was made, which runs the text of then; "
                      "`lockstep run` makes a rollout of the text of now");
  }
}

Outcome ActHere(const Verb& verb, const TaskSelection& selection, Ledger& ledger,
                const ledger::RolloutRecord& record, const Execution& execution,
                RunListener& listener) {
  auto session = Session::Take(ledger, record);
  if (!session.ok()) return Refusal(session.error());
  if (auto same = CheckDigest(selection, session->stored->record()); !same.ok())
    return Refusal(same.error());
  const rollout::State& state = session->stored->scheduler().state();
  const auto any = [&](bool (*fits)(TaskStatus)) {
    for (const TaskIndex task : session->stored->rollout().tasks.indices()) {
      if (fits(state.status(task))) return true;
    }
    return false;
  };
  auto tasks = TasksFor(verb, selection, *session->stored, ledger);
  if (!tasks.ok()) {
    Outcome refused = Refusal(tasks.error());
    if (any([](TaskStatus s) { return s == TaskStatus::kRunning; })) {
      refused.details.push_back(
          "nobody runs it any more: `lockstep resume` finds out what became of what was RUNNING");
    }
    return refused;
  }
  if (verb.kind == Command::Kind::kCancel && !any(CanBeCanceled)) {
    return Refusal(kExitRefused, "nothing to cancel: no task is " + std::string(verb.fitting));
  }
  if (verb.kind == Command::Kind::kRetry) {
    NoticeMendedSheets(*session->stored, *tasks, listener);
    return DriveSession(*session, ledger, {std::move(*tasks)}, execution, listener);
  }
  const rollout::Input input = InputOf(verb, std::move(*tasks), selection.reason);
  if (const auto applied = ApplyDirectly(*session, ledger, input, listener); !applied.ok()) {
    return Refusal(applied.error());
  }
  const auto after = StoredRollout::Load(ledger, session->stored->record());
  if (!after.ok()) return Refusal(after.error());
  Outcome outcome = OutcomeOf((*after)->scheduler(), session->stored->record());
  outcome.exit_code = kExitDone;  // it was done; what is left to do is the rollout's matter
  return outcome;
}

Outcome Act(const Verb& verb, const TaskSelection& selection, const Execution& execution,
            RunListener& listener) {
  auto ledger = Ledger::Open(execution.ledger, Ledger::Mode::kWrite);
  if (!ledger.ok()) return Refusal(ledger.error());
  const auto record = (*ledger)->Find(selection.rollout);
  if (!record.ok()) return Refusal(record.error());
  const auto holder = ledger::Lease::HolderOf(**ledger, record->id);
  if (!holder.ok()) return Refusal(holder.error());
  if (*holder) {
    // The choice is made on what the ledger says now; the runner ignores what has changed since.
    const auto stored = StoredRollout::Load(**ledger, *record);
    if (!stored.ok()) return Refusal(stored.error());
    if (auto same = CheckDigest(selection, (*stored)->record()); !same.ok())
      return Refusal(same.error());
    const auto tasks = TasksFor(verb, selection, **stored, **ledger);
    if (!tasks.ok()) return Refusal(tasks.error());
    if (auto done = HandOver(**ledger, **stored, verb, *tasks, selection.reason, **holder)) {
      return *done;
    }
  }
  return ActHere(verb, selection, **ledger, *record, execution, listener);
}

}  // namespace

Outcome RunTasks(const TaskSelection& selection, const Execution& execution,
                 RunListener& listener) {
  return Act(kRun, selection, execution, listener);
}
Outcome Retry(const TaskSelection& selection, const Execution& execution, RunListener& listener) {
  return Act(kRetry, selection, execution, listener);
}
Outcome Skip(const TaskSelection& selection, const Execution& execution, RunListener& listener) {
  return Act(kSkip, selection, execution, listener);
}
Outcome Cancel(const TaskSelection& selection, const Execution& execution, RunListener& listener) {
  return Act(kCancel, selection, execution, listener);
}

namespace {

/// "…/tasks/3", "stages/1/tasks/3", "tasks/3" or "3": numbers count over the whole rollout.
std::optional<TaskIndex> TaskByName(const rollout::Rollout& rollout, const std::string& word) {
  const std::size_t slash = word.rfind('/');
  const std::string digits = slash == std::string::npos ? word : word.substr(slash + 1);
  if (digits.empty() || digits.size() > 9 ||
      digits.find_first_not_of("0123456789") != std::string::npos) {
    return std::nullopt;
  }
  const std::size_t number = std::stoul(digits);
  if (number < 1 || number > rollout.tasks.size()) return std::nullopt;
  const TaskIndex task(number - 1);
  const std::string full = "/" + rollout.TaskName(task);
  const bool fits = slash == std::string::npos || full.ends_with("/" + word);
  return fits ? std::optional(task) : std::nullopt;
}

}  // namespace

base::Result<std::vector<TaskIndex>> SelectTasks(const rollout::Rollout& rollout,
                                                 std::span<const std::string> words) {
  std::vector<TaskIndex> tasks;
  for (const std::string& word : words) {
    // A full name is that task, whatever specs are called; and thousands of them are found at once.
    if (const auto task = rollout.FindTask(word)) {
      tasks.push_back(*task);
      continue;
    }
    const std::size_t before = tasks.size();
    for (const TaskIndex task : rollout.tasks.indices()) {
      if (rollout.spec_ids[rollout.tasks[task].spec] == word) tasks.push_back(task);
    }
    if (tasks.size() > before) continue;
    const auto named = TaskByName(rollout, word);
    if (!named) {
      return base::Error{base::ErrorCode::kNotFound, "there is no task and no spec " +
                                                         base::Quote(word) + " in " + rollout.name +
                                                         "; see `lockstep status`"};
    }
    tasks.push_back(*named);
  }
  return tasks;
}

}  // namespace lockstep::native
