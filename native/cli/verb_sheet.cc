// sheet create|get|list|update: SheetService from the command line.
#include "core/base/json_writer.h"
#include "core/json/proto_scalar.h"
#include "core/service/message.h"
#include "core/sql/engine.h"
#include "native/cli/api_client.h"
#include "native/documents.h"
#include "native/report/output.h"
#include "native/report/table.h"

namespace lockstep::cli {
namespace {

struct SheetWords {
  ApiSettings settings;
  std::string sheet, title, engine;
  std::string file;
};

base::Result<std::string> SheetBody(const SheetWords& words) {
  const auto text = native::ReadSource(words.file, json::Limits().max_bytes);
  if (!text.ok()) return text.error();
  base::JsonWriter writer;
  writer.BeginObject();
  writer.Member("title", words.title.empty() ? words.file : words.title);
  writer.Member("content", service::EncodeBase64(text->text()));
  if (!words.engine.empty()) {
    const auto engine = sql::FindEngineLoosely(words.engine);
    if (!engine)
      return base::Error{base::ErrorCode::kInvalidArgument,
                         "there is no engine \"" + words.engine + "\""};
    writer.Member("engine", sql::Facts(*engine).name);
  }
  return writer.EndObject().Take();
}

/// One question, and its answer printed.
int AskAndPrint(const SheetWords& words, std::string_view verb, const std::string& path,
                const Query& query, std::string body,
                const std::function<std::string(const AnswerJson&)>& print) {
  auto client = ApiClient::Open(words.settings);
  if (!client.ok()) return Fail(client.error());
  return PrintAnswer(words.settings, Ask(**client, verb, path, query, std::move(body)), print);
}

int Create(const SheetWords& words) {
  auto body = SheetBody(words);
  if (!body.ok()) return Fail(body.error());
  const std::string path = "projects/" + words.settings.project + "/sheets";
  return AskAndPrint(words, "POST", path, {}, std::move(*body), NameLine);
}

int Update(const SheetWords& words) {
  auto body = SheetBody(words);
  if (!body.ok()) return Fail(body.error());
  const std::string path = FullName(words.settings, "sheets", words.sheet);
  const std::string mask = words.title.empty() ? "content" : "content,title";
  return AskAndPrint(words, "PATCH", path, {{"updateMask", mask}}, std::move(*body), NameLine);
}

int Get(const SheetWords& words) {
  const std::string path = FullName(words.settings, "sheets", words.sheet);
  return AskAndPrint(words, "GET", path, {{"raw", "true"}}, "", [](const AnswerJson& answer) {
    return json::DecodeBase64(answer.Text("content")).value_or("");
  });
}

int List(const SheetWords& words) {
  auto client = ApiClient::Open(words.settings);
  if (!client.ok()) return Fail(client.error());
  const auto answer = ListAll(**client, "projects/" + words.settings.project + "/sheets", "sheets");
  return PrintAnswer(words.settings, answer, [](const AnswerJson& sheets) {
    using report::Table;
    Table table(
        {Table::Align::kLeft, Table::Align::kRight, Table::Align::kLeft, Table::Align::kLeft});
    table.Row({"SHEET", "BYTES", "CREATED", "TITLE"});
    for (const json::Value sheet : sheets.root().Find("sheets")->elements()) {
      const auto text = [&](const char* member) { return AnswerJson::Text(sheet, member); };
      table.Row({text("name"), text("contentSize"), text("createTime"), text("title")});
    }
    return table.Text();
  });
}

Argument FileArgument(SheetWords& words) {
  return {.name = "FILE",
          .target = &words.file,
          .help = "SQL; - is standard input",
          .completes = Completes::kFile,
          .required = true};
}

Argument SheetArgument(SheetWords& words) {
  return {.name = "SHEET", .target = &words.sheet, .help = "its name or number", .required = true};
}

}  // namespace

Verb SheetVerb() {
  auto create = std::make_shared<SheetWords>();
  auto get = std::make_shared<SheetWords>();
  auto list = std::make_shared<SheetWords>();
  auto update = std::make_shared<SheetWords>();
  const auto title = [](SheetWords& words) {
    return Argument{.name = "--title",
                    .target = &words.title,
                    .help = "for people (default: the file's name)",
                    .value = "TEXT"};
  };
  Verb verb{.name = "sheet",
            .summary = "Sheets of SQL that plans name: create, get, list, update",
            .examples =
                "  lockstep sheet create add-email.sql --project hr\n"
                "  lockstep sheet get projects/hr/sheets/101\n"};
  verb.verbs = {
      {.name = "create",
       .summary = "Store a file of SQL, and print the name that plans call it by",
       .examples = "  lockstep sheet create add-email.sql --project hr --engine postgres\n",
       .arguments = WithApiArguments({FileArgument(*create),
                                      title(*create),
                                      {.name = "--engine",
                                       .target = &create->engine,
                                       .help = "whose SQL it is: statements are found then",
                                       .value = "ENGINE"}},
                                     create->settings),
       .run = [create] { return Create(*create); }},
      {.name = "get",
       .summary = "Print the SQL of a sheet",
       .examples = "  lockstep sheet get projects/hr/sheets/101\n",
       .arguments = WithApiArguments({SheetArgument(*get)}, get->settings),
       .run = [get] { return Get(*get); }},
      {.name = "list",
       .summary = "List the sheets of a project; - is all",
       .examples = "  lockstep sheet list --project hr\n",
       .arguments = WithApiArguments({}, list->settings),
       .run = [list] { return List(*list); }},
      {.name = "update",
       .summary = "Give a sheet other SQL",
       .examples = "  lockstep sheet update projects/hr/sheets/101 add-email.sql\n",
       .arguments = WithApiArguments(
           {SheetArgument(*update), FileArgument(*update), title(*update)}, update->settings),
       .run = [update] { return Update(*update); }}};
  return verb;
}

}  // namespace lockstep::cli
