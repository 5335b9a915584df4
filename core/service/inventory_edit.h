// InventoryEdit: changes of an inventory's text as requests ask for them. The file stays as a
// person wrote it but for what was asked. Whether the result is a valid inventory is decided by who
// decodes it again.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json/text_edit.h"
#include "core/service/setting.h"

namespace lockstep::service {

/// {"name": NAME, …}, compact.
std::string NewEntry(std::string_view name, const std::vector<Setting>& chosen);

class InventoryEdit {
 public:
  /// `text` is that of the document, which is a valid inventory; both outlive this.
  InventoryEdit(const json::Document& document, std::string_view text);

  struct Entry {
    json::Value list, value;
    std::size_t position;
  };
  /// `list`: "environments", "instances" or "databaseGroups".
  std::optional<Entry> Find(std::string_view list, std::string_view name) const;
  /// All databases of these names, under their instances and in the list of their own, in the order
  /// in which they are written.
  std::vector<Entry> FindDatabases(const std::vector<std::string>& names) const;

  /// At the end, or in the place where `before` stands.
  void Add(std::string_view list, std::string_view entry,
           std::optional<std::size_t> before = std::nullopt);
  /// To its instance, or to the list of all databases where that is how they are written.
  void AddDatabase(json::Value instance, std::string_view entry);
  /// What says the same already stays as it is written.
  void Set(json::Value entry, const std::vector<Setting>& chosen);
  void Remove(const std::vector<Entry>& entries);
  void Remove(json::Value object, std::string_view key);
  /// Environments that say their "order" say their place in the list.
  void NumberEnvironments();

  json::TextEdit& text() { return text_; }
  std::string Apply() { return text_.Apply(); }

 private:
  std::optional<json::Value> List(std::string_view key) const;
  void SetMember(json::Value object, std::string_view key, const std::vector<Setting>& settings);

  json::Value root_;
  json::TextEdit text_;
};

/// In either spelling; a null is a member, too.
std::optional<json::Member> FindMember(json::Value object, std::string_view camel_case);
/// "" when it has none.
std::string_view TextOf(json::Value object, std::string_view camel_case);

/// The text after `edit` (a function of InventoryEdit&). REQUIRES the text of an inventory.
template <class Do>
std::string Edited(std::string text, Do edit) {
  diagnostics::Emitter emitter;
  const diagnostics::Source source("the inventory", std::move(text));
  const auto document =
      json::Document::Parse(diagnostics::SourceId(0), source, json::Limits(), emitter);
  LOCKSTEP_CHECK(document, "an inventory that is not JSON");
  InventoryEdit inventory(*document, source.text());
  edit(inventory);
  return inventory.Apply();
}

}  // namespace lockstep::service
