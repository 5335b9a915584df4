#include "core/api/convert.h"
#include "core/api/import.h"
#include "core/api/methods.h"
#include "core/api/outline.h"
#include "core/api/statements.h"

namespace lockstep::api {

using base::JsonWriter;
using base::Result;
using diagnostics::Remark;

Message Validate(Request request) {
  return AnswerTo(std::move(request), [](auto&&...) {});
}

Message Outline(Request request) {
  return AnswerTo(std::move(request),
                  [](JsonWriter& writer, const Request&, const Workspace& workspace, Attachments&) {
                    writer.Key("outline");
                    WriteOutline(writer, workspace);
                  });
}

Message Convert(Request request) {
  return AnswerTo(std::move(request), [](JsonWriter& writer, const Request& asked,
                                         const Workspace& workspace, Attachments& attachments) {
    writer.Key("plan");
    if (workspace.checked() == nullptr) {
      return void(writer.Null().Key("losses").BeginArray().EndArray());
    }
    auto converted = ConvertPlan(workspace, asked.to, asked.merge);
    converted.ok() ? WriteAttachment(writer, std::move(converted->plan), attachments)
                   : void(writer.Null());
    writer.Key("losses");
    diagnostics::WriteRemarks(writer, workspace.sources(),
                              converted.ok() ? converted->losses : std::vector<Remark>());
    if (!converted.ok()) WriteError(writer, converted.error());
  });
}

Message Statements(Request request) {
  const auto engine = FindEngine(request.engine);
  if (!engine.ok()) return {ErrorAnswer(engine.error()), {}};
  diagnostics::Sources sources;
  const diagnostics::SourceId sheet = sources.Add(std::move(*request.sheet));
  return {StatementsAnswer(sources, sheet, SplitSheet(sources, sheet, *engine)), {}};
}

namespace {

void WriteImported(JsonWriter& writer, FolderImport& made, Attachments& attachments) {
  const auto text_or_null = [&](std::string_view key, std::string& text) {
    writer.Key(key);
    text.empty() ? void(writer.Null()) : WriteAttachment(writer, std::move(text), attachments);
  };
  writer.BeginObject().Key("diagnostics");
  diagnostics::WriteJson(writer, made.sources, made.diagnostics);
  text_or_null("plan", made.imported.plan);
  writer.Key("sheets").BeginObject();
  for (auto& [file, text] : made.imported.sheets) {
    writer.Key(file);
    WriteAttachment(writer, std::move(text), attachments);
  }
  writer.EndObject();
  text_or_null("inventory", made.imported.inventory);
  writer.Key("notices");
  diagnostics::WriteRemarks(writer, made.sources, made.imported.notices);
  writer.Key("errors");
  diagnostics::WriteRemarks(writer, made.sources, made.imported.errors);
  writer.EndObject();
}

}  // namespace

Message Import(Request request) {
  if (!request.engine.empty()) {
    const auto engine = FindEngine(request.engine);
    if (!engine.ok()) return {ErrorAnswer(engine.error()), {}};
    request.import_options.engine = *engine;
  }
  auto made = ImportFolder("", std::move(request.files), std::move(request.inputs.inventory),
                           request.import_options);
  if (!made.ok()) return {ErrorAnswer(made.error()), {}};
  Message answer;
  JsonWriter writer;
  WriteImported(writer, *made, answer.attachments);
  answer.json = writer.Take();
  return answer;
}

}  // namespace lockstep::api
