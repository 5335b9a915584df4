// convert: a plan in its other form.
#include "core/api/convert.h"

#include "native/cli/settings.h"
#include "native/cli/write_file.h"
#include "native/report/output.h"

namespace lockstep::cli {
namespace {

struct Convert {
  std::string plan;
  std::string format = "text";
  std::optional<std::string> to, output;
  bool merge = false;
  PlanSettings settings;

  int Run() const;
};

int Convert::Run() const {
  return WithPlan(plan, settings, [this](const api::Workspace& documents) -> int {
    std::optional<plan::Form> form;
    if (to) form = *to == "flat" ? plan::Form::kFlat : plan::Form::kSteps;
    const auto converted = api::ConvertPlan(documents, form, merge);
    if (!converted) return Fail(converted.error());
    if (format == "json") {
      return WriteFile(output, api::ConvertAnswer(documents, *converted) + "\n");
    }
    // Never mixed into the document.
    report::Stderr().Write(
        diagnostics::RenderRemarks(documents.sources(), converted->losses, "lost"));
    return WriteFile(output, converted->plan);
  });
}

}  // namespace

Verb ConvertVerb() {
  auto self = std::make_shared<Convert>();
  Verb verb{.name = "convert",
            .summary = "Write a plan in its other form, and tell what that form cannot say",
            .examples =
                "  lockstep convert plan.json -o flat.json\n"
                "  lockstep convert plan.json --to flat --merge > flat.json\n"
                "  lockstep convert plan.json --format json | jq .losses\n",
            .run = [self] { return self->Run(); }};
  verb.arguments = {PlanArgument(self->plan),
                    {.name = "--to",
                     .target = &self->to,
                     .help = "flat (specs with targets) or steps (default: the other form)",
                     .value = "FORM",
                     .choices = {"flat", "steps"}},
                    {.name = "--merge",
                     .target = &self->merge,
                     .help = "to the flat form: specs that differ in their database alone become "
                             "one; their ids are lost"},
                    OutputArgument(self->output),
                    FormatArgument(self->format, {"text", "json"})};
  AddPlanArguments(verb.arguments, self->settings);
  return verb;
}

}  // namespace lockstep::cli
