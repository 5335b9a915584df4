// resume, retry, skip, cancel: a rollout that is there already. They hand the wish to the runner
// that is at work, if there is one.
#include "native/cli/execution.h"
#include "native/cli/preview.h"
#include "native/cli/selection.h"

namespace lockstep::cli {
namespace {

struct Control {
  Words words;
  std::string rollout;  // resume takes no tasks
  bool failed = false;
  std::string reason;
  ExecutionSettings settings;
};

using Action = native::Outcome (*)(const native::TaskSelection&, const native::Execution&,
                                   native::RunListener&);

int Act(const Control& control, Action action) {
  auto chosen = Resolve(control.words, control.settings.ledger);
  if (!chosen) return Fail(chosen.error());
  if (action != native::Cancel && chosen->tasks.empty() && !control.failed) {
    return Fail({base::ErrorCode::kInvalidArgument,
                 std::string("no task was named; --task N names one") +
                     (action == native::Retry ? ", --failed means all that failed" : "")});
  }
  native::TaskSelection selection;
  selection.rollout = chosen->rollout;
  selection.tasks = chosen->tasks;
  selection.failed = control.failed;
  selection.reason = control.reason;
  return Execute(control.settings, MakeEstimate,
                 [&](const native::Execution& execution, native::RunListener& listener) {
                   return action(selection, execution, listener);
                 });
}

int ResumeRollout(const Control& control) {
  return Execute(control.settings, MakeEstimate,
                 [&](const native::Execution& execution, native::RunListener& listener) {
                   return native::Resume(control.rollout, execution, listener);
                 });
}

Argument ReasonArgument(Control& control, bool required) {
  return {.name = "--reason",
          .target = &control.reason,
          .help = "why; kept with the rollout",
          .value = "TEXT",
          .required = required};
}

}  // namespace

Verb ResumeVerb() {
  auto self = std::make_shared<Control>();
  Verb verb{.name = "resume",
            .summary = "Go on with a rollout that was interrupted, whatever interrupted it",
            .examples =
                "  lockstep resume\n  lockstep resume 101\n"
                "  lockstep resume 101 --assume 3=done\n",
            .arguments = {RolloutArgument(self->rollout)},
            .run = [self] { return ResumeRollout(*self); }};
  AddRecoveryArguments(verb.arguments, self->settings);
  AddExecutionArguments(verb.arguments, self->settings);
  return verb;
}

Verb RetryVerb() {
  auto self = std::make_shared<Control>();
  Verb verb{.name = "retry",
            .summary = "Run tasks that failed or were canceled once more",
            .examples = "  lockstep retry --failed\n  lockstep retry 101 --task 3\n",
            .run = [self] { return Act(*self, native::Retry); }};
  verb.arguments = SelectionArguments(self->words);
  verb.arguments.push_back(
      {.name = "--failed", .target = &self->failed, .help = "all that failed or were canceled"});
  AddRecoveryArguments(verb.arguments, self->settings);
  AddExecutionArguments(verb.arguments, self->settings);
  return verb;
}

Verb SkipVerb() {
  auto self = std::make_shared<Control>();
  Verb verb{.name = "skip",
            .summary = "Count tasks as done without running them",
            .examples =
                "  lockstep skip --task 3 --reason \"applied by hand\"\n"
                "  lockstep skip 101 --task 3 --task 4 --reason \"not needed in test\"\n",
            .run = [self] { return Act(*self, native::Skip); }};
  verb.arguments = SelectionArguments(self->words);
  verb.arguments.push_back(ReasonArgument(*self, true));
  AddExecutionArguments(verb.arguments, self->settings);
  return verb;
}

Verb CancelVerb() {
  auto self = std::make_shared<Control>();
  Verb verb{
      .name = "cancel",
      .summary = "Stop tasks that run or are about to",
      .examples = "  lockstep cancel\n  lockstep cancel 101 --task 3 --reason \"wrong night\"\n",
      .run = [self] { return Act(*self, native::Cancel); }};
  verb.arguments = SelectionArguments(self->words);
  verb.arguments.push_back(ReasonArgument(*self, false));
  AddExecutionArguments(verb.arguments, self->settings);
  return verb;
}

}  // namespace lockstep::cli
