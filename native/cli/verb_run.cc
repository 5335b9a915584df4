// run: the plan, for real.
#include <optional>

#include "core/base/text.h"
#include "native/cli/execution.h"
#include "native/cli/preview.h"

namespace lockstep::cli {
namespace {

struct RunOptions {
  std::string plan;
  std::optional<std::string> expect;
  PlanSettings plan_settings;
  ExecutionSettings settings;

  int operator()() const;
};

bool IsDigest(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

int RunOptions::operator()() const {
  native::RunRequest request;
  auto documents = MakeDocuments(plan, plan_settings);
  if (!documents) return Fail(documents.error());
  request.documents = std::move(*documents);
  request.documents.sheets_needed = true;
  if (expect && !IsDigest(*expect)) {
    return Fail({base::ErrorCode::kInvalidArgument,
                 "--expect " + base::Quote(*expect) +
                     " is no digest: simulate prints one, 64 hexadecimal digits"});
  }
  request.expect = expect.value_or("");
  return Execute(settings, MakeEstimate,
                 [&](const native::Execution& execution, native::RunListener& listener) {
                   request.execution = execution;
                   return native::Run(request, listener);
                 });
}

}  // namespace

Verb RunVerb() {
  auto self = std::make_shared<RunOptions>();
  Verb verb{.name = "run",
            .summary = "Check a plan and run it against the databases of its inventory",
            .examples =
                "  lockstep run plan.json\n"
                "  lockstep run plan.json --expect \"$DIGEST\" --parallel 4\n"
                "  lockstep run plan.json --events - | jq .type\n",
            .run = [self] { return (*self)(); }};
  verb.arguments = {PlanArgument(self->plan),
                    {.name = "--expect",
                     .target = &self->expect,
                     .help = "refuse to run anything but what simulate showed with this digest",
                     .value = "DIGEST"},
                    {.name = "--scenario",
                     .target = &self->plan_settings.scenario,
                     .help = "how long tasks are expected to take: where there are windows, none "
                             "starts that would outlast its own",
                     .value = "FILE",
                     .completes = Completes::kFile}};
  AddPaceArguments(verb.arguments, self->plan_settings);
  AddRecoveryArguments(verb.arguments, self->settings);
  AddExecutionArguments(verb.arguments, self->settings);
  AddPlanArguments(verb.arguments, self->plan_settings);
  return verb;
}

}  // namespace lockstep::cli
