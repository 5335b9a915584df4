// plan create|get|list|update: PlanService from the command line.
#include "core/base/text.h"
#include "native/cli/plan_upload.h"
#include "native/report/output.h"
#include "native/report/table.h"

namespace lockstep::cli {
namespace {

struct PlanWords {
  ApiSettings settings;
  std::string plan, file;
};

int Create(PlanWords& words) {
  LookBeside(words.file, words.settings.plan);
  auto client = ApiClient::Open(words.settings);
  if (!client.ok()) return Fail(client.error());
  const auto plan = UploadPlan(**client, words.settings, words.file);
  if (!plan.ok()) return FailPlan(words.settings, words.file, plan.error());
  return PrintAnswer(words.settings, plan, NameLine);
}

int Update(PlanWords& words) {
  LookBeside(words.file, words.settings.plan);
  auto client = ApiClient::Open(words.settings);
  if (!client.ok()) return Fail(client.error());
  auto uploaded = UploadSheets(**client, words.settings, words.file);
  if (!uploaded.ok()) return Fail(uploaded.error());
  const auto answer =
      Ask(**client, "PATCH", FullName(words.settings, "plans", words.plan),
          {{"updateMask", uploaded->flat ? "specs" : "steps"}}, std::move(uploaded->text));
  if (!answer.ok()) return FailPlan(words.settings, words.file, answer.error());
  return PrintAnswer(words.settings, answer, NameLine);
}

int Get(const PlanWords& words) {
  auto client = ApiClient::Open(words.settings);
  if (!client.ok()) return Fail(client.error());
  return PrintAnswer(words.settings,
                     Ask(**client, "GET", FullName(words.settings, "plans", words.plan), {}, ""),
                     [](const AnswerJson& answer) { return answer.text() + "\n"; });
}

int List(const PlanWords& words) {
  auto client = ApiClient::Open(words.settings);
  if (!client.ok()) return Fail(client.error());
  const auto answer = ListAll(**client, "projects/" + words.settings.project + "/plans", "plans");
  return PrintAnswer(words.settings, answer, [](const AnswerJson& plans) {
    report::Table table(std::vector(4, report::Table::Align::kLeft));
    table.Row({"PLAN", "CREATED", "ISSUE", "TITLE"});
    for (const json::Value plan : plans.root().Find("plans")->elements()) {
      const auto text = [&](const char* member) {
        return base::Printable(AnswerJson::Text(plan, member));
      };
      table.Row(
          {text("name"), text("createTime"), text("issue"), base::Shorten(text("title"), 60)});
    }
    return table.Text();
  });
}

Argument NameArgument(PlanWords& words) {
  return {
      .name = "NAME", .target = &words.plan, .help = "the plan's name or number", .required = true};
}

}  // namespace

Verb PlanVerb() {
  auto create = std::make_shared<PlanWords>();
  auto get = std::make_shared<PlanWords>();
  auto list = std::make_shared<PlanWords>();
  auto update = std::make_shared<PlanWords>();
  Verb verb{.name = "plan",
            .summary = "Plans that rollouts are made of: create, get, list, update",
            .examples =
                "  lockstep plan create plan.json --project hr\n"
                "  lockstep plan list --project hr\n"};
  verb.verbs = {
      {.name = "create",
       .summary = "Store a plan, with the sheets that lie beside it, and print its name",
       .examples = "  lockstep plan create plan.json --project hr\n",
       .arguments = WithApiArguments({PlanArgument(create->file)}, create->settings),
       .run = [create] { return Create(*create); }},
      {.name = "get",
       .summary = "Print a plan as JSON",
       .examples = "  lockstep plan get projects/hr/plans/101\n",
       .arguments = WithApiArguments({NameArgument(*get)}, get->settings),
       .run = [get] { return Get(*get); }},
      {.name = "list",
       .summary = "List the plans of a project; - is all",
       .examples = "  lockstep plan list --project hr\n",
       .arguments = WithApiArguments({}, list->settings),
       .run = [list] { return List(*list); }},
      {.name = "update",
       .summary = "Put a plan in the place of a stored one; tasks that have not succeeded take its "
                  "sheets",
       .examples = "  lockstep plan update projects/hr/plans/101 plan.json\n",
       .arguments =
           WithApiArguments({NameArgument(*update), PlanArgument(update->file)}, update->settings),
       .run = [update] { return Update(*update); }}};
  return verb;
}

}  // namespace lockstep::cli
