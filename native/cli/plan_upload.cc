#include "native/cli/plan_upload.h"

#include <filesystem>
#include <map>

#include "core/base/json_writer.h"
#include "core/service/plan.h"
#include "native/connection/sheet_folder.h"
#include "native/documents.h"

namespace lockstep::cli {
namespace {

namespace fs = std::filesystem;

/// The texts of those sheets of a plan that lie here, by name.
base::Result<std::map<std::string, std::string>> SheetsHere(const plan::Plan& plan,
                                                            const std::string& path,
                                                            const PlanSettings& settings) {
  std::map<std::string, std::string> texts;
  const auto workspace = ReadPlan(path, settings);
  if (!workspace.ok()) return workspace.error();
  const std::string folder = settings.sheets.value_or("");
  const std::string base = fs::absolute(settings.inventory.value_or(path)).parent_path().string();
  const connection::SheetFolder sheets(folder, (*workspace)->inventory(), base);
  for (const plan::Spec& spec : plan.specs) {
    const std::string name(spec.config.sheet.value);
    if (name.empty() || texts.count(name)) continue;
    const auto source = sheets.Load(name);
    if (source.ok()) texts[name] = source->text();
  }
  return texts;
}

/// The names that they have got.
base::Result<std::map<std::string, std::string>> CreateSheets(
    ApiClient& client, const std::string& project,
    const std::map<std::string, std::string>& texts) {
  std::map<std::string, std::string> names;
  if (texts.empty()) return names;
  base::JsonWriter writer;
  writer.BeginObject().Key("requests").BeginArray();
  for (const auto& [name, text] : texts) {
    writer.BeginObject().Key("sheet").BeginObject().Member("title", name);
    writer.Member("content", service::EncodeBase64(text)).EndObject().EndObject();
  }
  const auto answer = Ask(client, "POST", "projects/" + project + "/sheets:batchCreate", {},
                          writer.EndArray().EndObject().Take());
  if (!answer.ok()) return answer.error();
  auto text = texts.begin();
  for (const json::Value sheet : answer->root().Find("sheets")->elements())
    names[(text++)->first] = AnswerJson::Text(sheet, "name");
  return names;
}

std::string WithNames(const plan::Plan& plan, std::string_view text,
                      const std::map<std::string, std::string>& names) {
  std::string renamed;
  std::size_t copied = 0;
  for (const plan::Spec& spec : plan.specs) {
    const auto name = names.find(std::string(spec.config.sheet.value));
    if (name == names.end()) continue;
    const diagnostics::Span span = spec.config.sheet.span;
    renamed += text.substr(copied, span.begin - copied);
    base::JsonWriter writer;
    renamed += writer.String(name->second).Take();
    copied = span.end;
  }
  return renamed + std::string(text.substr(copied));
}

}  // namespace

void LookBeside(const std::string& plan, PlanSettings& settings) {
  std::error_code ec;
  const fs::path folder = fs::path(plan).parent_path();
  if (!settings.inventory && fs::exists(folder / "inventory.json", ec))
    settings.inventory = (folder / "inventory.json").string();
  if (!settings.sheets && fs::is_directory(folder / "sheets", ec))
    settings.sheets = (folder / "sheets").string();
}

base::Result<UploadedPlan> UploadSheets(ApiClient& client, const ApiSettings& settings,
                                        const std::string& path) {
  const auto source = native::ReadSource(path, json::Limits().max_bytes);
  if (!source.ok()) return source.error();
  const auto plan = service::PlanText::Read(source->text());
  if (!plan.ok()) return plan.error();
  const auto texts = SheetsHere(plan->plan(), path, settings.plan);
  if (!texts.ok()) return texts.error();
  const auto names = CreateSheets(client, settings.project, *texts);
  if (!names.ok()) return names.error();
  return UploadedPlan{WithNames(plan->plan(), source->text(), *names),
                      plan->plan().form == plan::Form::kFlat};
}

base::Result<AnswerJson> UploadPlan(ApiClient& client, const ApiSettings& settings,
                                    const std::string& plan) {
  auto uploaded = UploadSheets(client, settings, plan);
  if (!uploaded.ok()) return uploaded.error();
  return Ask(client, "POST", "projects/" + settings.project + "/plans", {},
             std::move(uploaded->text));
}

int FailPlan(const ApiSettings& settings, const std::string& plan, const base::Error& error) {
  if (error.code != base::ErrorCode::kInvalidArgument || plan == "-") return Fail(error);
  return WithPlan(plan, settings.plan, [&](const api::Workspace&) { return Fail(error); });
}

}  // namespace lockstep::cli
