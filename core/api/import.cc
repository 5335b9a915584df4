#include "core/api/import.h"

#include <algorithm>

#include "core/inventory/inventory.h"

namespace lockstep::api {

using diagnostics::SourceId;

base::Result<FolderImport> ImportFolder(std::string_view folder,
                                        std::vector<std::pair<std::string, std::string>> files,
                                        std::optional<diagnostics::Source> inventory,
                                        const migrations::Options& options) {
  FolderImport made;
  diagnostics::Emitter emitter;
  std::optional<json::Document> document;
  std::optional<inventory::Inventory> known;
  if (inventory) {
    inventory->set_may_hold_secrets();
    const SourceId id = made.sources.Add(std::move(*inventory));
    document = json::Document::Parse(id, made.sources[id], {}, emitter);
    if (document) known = inventory::DecodeInventory(*document, false, emitter);
  }
  made.has_errors = emitter.has_errors();
  made.diagnostics = emitter.Take();
  if (document) json::AttachPointers(*document, made.diagnostics);
  if (made.has_errors) return made;
  std::sort(files.begin(), files.end());  // remarks come in the order of their sources
  std::vector<migrations::File> list;
  for (auto& [path, text] : files) {
    // A mark of some editors, which no client takes for SQL.
    if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
    const SourceId id = made.sources.Add({std::string(folder) + path, std::move(text)});
    list.push_back({std::move(path), id});
  }
  auto imported =
      migrations::Import(made.sources, std::move(list), known ? &*known : nullptr, options);
  if (!imported.ok()) return imported.error();
  made.imported = std::move(*imported);
  made.has_errors = !made.imported.errors.empty();
  return made;
}

std::string ImportAnswer(const FolderImport& made, const std::vector<std::string>& written) {
  base::JsonWriter writer;
  writer.BeginObject().Key("written").BeginArray();
  for (const std::string& path : written) writer.String(path);
  writer.EndArray().Member("summary", made.imported.summary).Key("notices");
  diagnostics::WriteRemarks(writer, made.sources, made.imported.notices);
  writer.Key("errors");
  diagnostics::WriteRemarks(writer, made.sources, made.imported.errors);
  return writer.EndObject().Take();
}

}  // namespace lockstep::api
