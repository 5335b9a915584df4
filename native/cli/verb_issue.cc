// issue create|get|list|update|run|approve|reject|comment: IssueService from the command line. With
// --run it does the three steps of the documents in one: plan, rollout, issue.
#include <filesystem>

#include "core/base/json_writer.h"
#include "core/base/text.h"
#include "core/service/message.h"
#include "native/cli/plan_upload.h"
#include "native/cli/run_rollout.h"
#include "native/report/output.h"
#include "native/report/table.h"

namespace lockstep::cli {
namespace {

struct IssueWords {
  ApiSettings settings;
  std::string issue, plan, rollout, comment;
  std::optional<std::string> title, description;
  std::vector<std::string> labels;
  bool run = false;
};

base::Result<AnswerJson> Post(ApiClient& client, const std::string& path, std::string body) {
  return Ask(client, "POST", path, {}, std::move(body));
}

/// The plan that was named: one of the services, or a document that becomes one.
base::Result<AnswerJson> PlanOf(ApiClient& client, const IssueWords& words) {
  std::error_code ec;
  if (words.plan == "-" || std::filesystem::is_regular_file(words.plan, ec))
    return UploadPlan(client, words.settings, words.plan);
  if (words.plan.ends_with(".json"))
    return base::Error{base::ErrorCode::kNotFound,
                       "the plan " + base::Quote(words.plan) + " does not exist"};
  return Ask(client, "GET", FullName(words.settings, "plans", words.plan), {}, "");
}

base::Result<std::string> RolloutOf(ApiClient& client, const IssueWords& words,
                                    const std::string& plan) {
  if (!words.rollout.empty()) return FullName(words.settings, "rollouts", words.rollout);
  base::JsonWriter writer;
  const auto answer = Post(client, "projects/" + words.settings.project + "/rollouts",
                           writer.BeginObject().Member("plan", plan).EndObject().Take());
  if (!answer.ok()) return answer.error();
  return answer->Text("name");
}

base::Result<AnswerJson> CreateIssue(ApiClient& client, const IssueWords& words,
                                     const AnswerJson& plan, const std::string& rollout) {
  std::string title = words.title.value_or(plan.Text("title"));
  if (title.empty()) title = plan.Text("name");
  base::JsonWriter writer;
  writer.BeginObject().Member("title", title);
  writer.Member("description", words.description.value_or(plan.Text("description")));
  writer.Member("type", "DATABASE_CHANGE").Member("plan", plan.Text("name"));
  writer.Member("rollout", rollout);
  service::WriteStrings(writer, "labels", words.labels);
  return Post(client, "projects/" + words.settings.project + "/issues", writer.EndObject().Take());
}

int Create(IssueWords& words) {
  LookBeside(words.plan, words.settings.plan);
  auto client = ApiClient::Open(words.settings);
  if (!client.ok()) return Fail(client.error());
  const auto plan = PlanOf(**client, words);
  std::error_code ec;
  if (!plan.ok() && std::filesystem::is_regular_file(words.plan, ec))
    return FailPlan(words.settings, words.plan, plan.error());
  if (!plan.ok()) return Fail(plan.error());
  const auto rollout = RolloutOf(**client, words, plan->Text("name"));
  if (!rollout.ok()) return Fail(rollout.error());
  const auto issue = CreateIssue(**client, words, *plan, *rollout);
  // A program reads one document: that of the run, which names the rollout.
  if (words.run && words.settings.format == "json" && issue.ok())
    return RunRollout(**client, words.settings, *rollout);
  const int printed = PrintAnswer(words.settings, issue, [&](const AnswerJson& answer) {
    return answer.Text("name") + "\n" + plan->Text("name") + "\n" + *rollout + "\n";
  });
  if (printed != native::kExitDone || !words.run) return printed;
  return RunRollout(**client, words.settings, *rollout);
}

std::string IssueText(const AnswerJson& answer) {
  std::string text = answer.Text("name") + "\n";
  const std::pair<const char*, const char*> lines[] = {
      {"title", "title"},     {"status", "status"},   {"approval", "approvalStatus"},
      {"plan", "plan"},       {"rollout", "rollout"}, {"created", "createTime"},
      {"creator", "creator"}, {"digest", "digest"},   {"description", "description"}};
  for (const auto& [label, member] : lines) {
    const std::string value = answer.Text(member);
    if (!value.empty()) text += "  " + std::string(label) + ": " + base::Printable(value) + "\n";
  }
  return text;
}

int Get(const IssueWords& words) {
  auto client = ApiClient::Open(words.settings);
  if (!client.ok()) return Fail(client.error());
  return PrintAnswer(words.settings,
                     Ask(**client, "GET", FullName(words.settings, "issues", words.issue), {}, ""),
                     IssueText);
}

int List(const IssueWords& words) {
  auto client = ApiClient::Open(words.settings);
  if (!client.ok()) return Fail(client.error());
  const auto answer = ListAll(**client, "projects/" + words.settings.project + "/issues", "issues");
  return PrintAnswer(words.settings, answer, [](const AnswerJson& issues) {
    report::Table table(std::vector(5, report::Table::Align::kLeft));
    table.Row({"ISSUE", "STATUS", "APPROVAL", "ROLLOUT", "TITLE"});
    for (const json::Value issue : issues.root().Find("issues")->elements()) {
      const auto text = [&](const char* member) {
        return base::Printable(AnswerJson::Text(issue, member));
      };
      table.Row({text("name"), text("status"), text("approvalStatus"), text("rollout"),
                 base::Shorten(text("title"), 60)});
    }
    return table.Text();
  });
}

int Update(const IssueWords& words) {
  auto client = ApiClient::Open(words.settings);
  if (!client.ok()) return Fail(client.error());
  base::JsonWriter writer;
  writer.BeginObject();
  if (words.title) writer.Member("title", *words.title);
  if (words.description) writer.Member("description", *words.description);
  if (!words.labels.empty()) service::WriteStrings(writer, "labels", words.labels);
  return PrintAnswer(words.settings,
                     Ask(**client, "PATCH", FullName(words.settings, "issues", words.issue), {},
                         writer.EndObject().Take()),
                     NameLine);
}

int Run(const IssueWords& words) {
  auto client = ApiClient::Open(words.settings);
  if (!client.ok()) return Fail(client.error());
  const auto issue = Ask(**client, "GET", FullName(words.settings, "issues", words.issue), {}, "");
  if (!issue.ok()) return Fail(issue.error());
  if (issue->Text("rollout").empty()) {
    return Fail({base::ErrorCode::kFailedPrecondition,
                 issue->Text("name") + " has no rollout yet; `lockstep rollout create --plan " +
                     issue->Text("plan") + "`"});
  }
  return RunRollout(**client, words.settings, issue->Text("rollout"));
}

/// approve, reject, comment.
int Say(const IssueWords& words, const char* verb) {
  auto client = ApiClient::Open(words.settings);
  if (!client.ok()) return Fail(client.error());
  base::JsonWriter writer;
  writer.BeginObject().Member("comment", words.comment);
  return PrintAnswer(words.settings,
                     Post(**client, FullName(words.settings, "issues", words.issue) + ":" + verb,
                          writer.EndObject().Take()),
                     NameLine);
}

Argument IssueArgument(IssueWords& words) {
  return {.name = "ISSUE", .target = &words.issue, .help = "its name or number", .required = true};
}

std::vector<Argument> TextArguments(IssueWords& words) {
  return {{.name = "--title", .target = &words.title, .help = "what it is about", .value = "TEXT"},
          {.name = "--description",
           .target = &words.description,
           .help = "why, and what to look at",
           .value = "TEXT"},
          {.name = "--label",
           .target = &words.labels,
           .help = "a word to find it by; may be repeated",
           .value = "LABEL"}};
}

Verb CreateVerb() {
  auto words = std::make_shared<IssueWords>();
  std::vector<Argument> arguments = {
      {.name = "--plan",
       .target = &words->plan,
       .help = "a plan's name or number, or a document, of which one is made",
       .value = "PLAN",
       .completes = Completes::kFile,
       .required = true},
      {.name = "--rollout",
       .target = &words->rollout,
       .help = "the rollout of that plan (default: one is made)",
       .value = "ROLLOUT",
       .completes = Completes::kRollout},
      {.name = "--run", .target = &words->run, .help = "and run all of its tasks now"}};
  for (Argument& argument : TextArguments(*words)) arguments.push_back(std::move(argument));
  return {.name = "create",
          .summary = "An issue with its plan and its rollout, and print their names",
          .examples =
              "  lockstep issue create --plan plan.json --title \"Add email\" --run\n"
              "  lockstep issue create --plan projects/hr/plans/101 --rollout 101\n",
          .arguments = WithApiArguments(std::move(arguments), words->settings),
          .run = [words] { return Create(*words); }};
}

Verb SayVerb(const char* name, const char* summary, bool comment_required) {
  auto words = std::make_shared<IssueWords>();
  return {.name = name,
          .summary = summary,
          .examples = "",
          .arguments = WithApiArguments({IssueArgument(*words),
                                         {.name = "--comment",
                                          .target = &words->comment,
                                          .help = "in your words",
                                          .value = "TEXT",
                                          .required = comment_required}},
                                        words->settings),
          .run = [words, name] { return Say(*words, name); }};
}

}  // namespace

Verb IssueVerb() {
  auto get = std::make_shared<IssueWords>();
  auto list = std::make_shared<IssueWords>();
  auto update = std::make_shared<IssueWords>();
  auto run = std::make_shared<IssueWords>();
  Verb verb{.name = "issue",
            .summary = "Issues that drive a plan and its rollout: create, get, list, approve …",
            .examples =
                "  lockstep issue create --plan plan.json --run\n"
                "  lockstep issue list --project hr\n"
                "  lockstep issue approve projects/hr/issues/101\n"};
  verb.verbs = {CreateVerb(),
                {.name = "get",
                 .summary = "Show an issue",
                 .examples = "  lockstep issue get projects/hr/issues/101 --format json\n",
                 .arguments = WithApiArguments({IssueArgument(*get)}, get->settings),
                 .run = [get] { return Get(*get); }},
                {.name = "list",
                 .summary = "List the issues of a project; - is all",
                 .examples = "  lockstep issue list --project hr\n",
                 .arguments = WithApiArguments({}, list->settings),
                 .run = [list] { return List(*list); }},
                {.name = "update",
                 .summary = "Change title, description or labels",
                 .examples = "  lockstep issue update 101 --project hr --title \"Add email\"\n",
                 .arguments =
                     [&] {
                       std::vector<Argument> own = TextArguments(*update);
                       own.insert(own.begin(), IssueArgument(*update));
                       return WithApiArguments(std::move(own), update->settings);
                     }(),
                 .run = [update] { return Update(*update); }},
                {.name = "run",
                 .summary = "Run the tasks of its rollout that have not succeeded",
                 .examples = "  lockstep issue run projects/hr/issues/101\n",
                 .arguments = WithApiArguments({IssueArgument(*run)}, run->settings),
                 .run = [run] { return Run(*run); }},
                SayVerb("approve", "Approve what an issue would do now", false),
                SayVerb("reject", "Reject it", false),
                SayVerb("comment", "Say something about an issue", true)};
  return verb;
}

}  // namespace lockstep::cli
