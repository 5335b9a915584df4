#include "core/service/inventory_edit.h"

#include <algorithm>
#include <map>
#include <unordered_set>

#include "core/service/message.h"
#include "core/service/spelling.h"

namespace lockstep::service {
namespace {

std::string Compact(json::Value value) {
  base::JsonWriter writer;
  WriteValue(writer, value);
  return writer.Take();
}

/// "instances/a" of "instances/a/databases/hr".
std::string_view InstanceOf(std::string_view database) {
  return database.substr(0, database.find("/databases/"));
}

}  // namespace

std::optional<json::Member> FindMember(json::Value object, std::string_view camel_case) {
  const std::string snake_case = SnakeCase(camel_case);
  for (const json::Member& member : object.members()) {
    if (member.key == camel_case || member.key == snake_case) return member;
  }
  return std::nullopt;
}

std::string_view TextOf(json::Value object, std::string_view camel_case) {
  const auto member = FindMember(object, camel_case);
  const bool is_text = member && member->value.kind() == json::Kind::kString;
  return is_text ? member->value.AsString() : std::string_view();
}

std::string NewEntry(std::string_view name, const std::vector<Setting>& chosen) {
  std::vector<Setting> settings = {TextSetting("name", "name", name)};
  settings.insert(settings.end(), chosen.begin(), chosen.end());
  return Composed(settings);
}

InventoryEdit::InventoryEdit(const json::Document& document, std::string_view text)
    : root_(document.root()), text_(document, text) {}

std::optional<json::Value> InventoryEdit::List(std::string_view key) const {
  const auto member = FindMember(root_, key);
  if (!member || member->value.is_null()) return std::nullopt;
  return member->value;
}

std::optional<InventoryEdit::Entry> InventoryEdit::Find(std::string_view list,
                                                        std::string_view name) const {
  const auto entries = List(list);
  if (!entries) return std::nullopt;
  std::size_t position = 0;
  for (const json::Value entry : entries->elements()) {
    if (TextOf(entry, "name") == name) return Entry{*entries, entry, position};
    ++position;
  }
  return std::nullopt;
}

std::vector<InventoryEdit::Entry> InventoryEdit::FindDatabases(
    const std::vector<std::string>& names) const {
  const std::unordered_set<std::string_view> wanted(names.begin(), names.end());
  std::vector<Entry> found;
  const auto look = [&](json::Value list) {
    std::size_t position = 0;
    for (const json::Value entry : list.elements()) {
      if (wanted.count(TextOf(entry, "name"))) found.push_back({list, entry, position});
      ++position;
    }
  };
  if (const auto instances = List("instances")) {
    for (const json::Value instance : instances->elements()) {
      const auto databases = FindMember(instance, "databases");
      if (databases && !databases->value.is_null()) look(databases->value);
    }
  }
  if (const auto databases = List("databases")) look(*databases);
  return found;
}

void InventoryEdit::Add(std::string_view list, std::string_view entry,
                        std::optional<std::size_t> before) {
  const auto member = FindMember(root_, list);
  if (!member)
    text_.AddList(root_, list, entry);
  else if (member->value.is_null())
    text_.Replace(member->value, "[" + std::string(entry) + "]");
  else if (before)
    text_.Insert(member->value, *before, entry);
  else
    text_.Append(member->value, entry);
}

void InventoryEdit::AddDatabase(json::Value instance, std::string_view entry) {
  const auto own = FindMember(instance, "databases");
  if (own && !own->value.is_null()) return text_.Append(own->value, entry);
  bool is_listed = false;  // an instance whose databases stand in the list of all
  if (const auto all = List("databases")) {
    for (const json::Value other : all->elements())
      is_listed |= InstanceOf(TextOf(other, "name")) == TextOf(instance, "name");
    if (is_listed) return text_.Append(*all, entry);
  }
  const std::string only = "[" + std::string(entry) + "]";
  if (own)
    text_.Replace(own->value, only);
  else
    text_.AddMember(instance, "databases", only);
}

void InventoryEdit::Set(json::Value entry, const std::vector<Setting>& chosen) {
  for (const auto& [key, settings] : ByFirstPart(chosen)) SetMember(entry, key, settings);
}

void InventoryEdit::SetMember(json::Value object, std::string_view key,
                              const std::vector<Setting>& settings) {
  const auto member = FindMember(object, key);
  if (!member || member->value.is_null()) {
    std::vector<Setting> said = settings;
    std::erase_if(said, [](const Setting& setting) { return setting.is_default; });
    if (said.empty()) return;
    if (member)
      text_.Replace(member->value, Composed(said));
    else
      text_.AddMember(object, key, Composed(said));
  } else if (!settings[0].key.empty()) {
    Set(member->value, settings);
  } else if (Compact(member->value) != settings[0].json) {
    text_.Replace(member->value, settings[0].json);
  }
}

void InventoryEdit::Remove(const std::vector<Entry>& entries) {
  std::map<std::uint32_t, std::vector<std::size_t>> positions;  // by where their list begins
  for (const Entry& entry : entries) positions[entry.list.span().begin].push_back(entry.position);
  for (const Entry& entry : entries) {
    const auto of_list = positions.find(entry.list.span().begin);
    if (of_list == positions.end()) continue;
    text_.Remove(entry.list, of_list->second);
    positions.erase(of_list);
  }
}

void InventoryEdit::Remove(json::Value object, std::string_view key) {
  const auto wanted = FindMember(object, key);
  std::size_t position = 0;
  for (const json::Member& member : object.members()) {
    if (wanted && member.key_span == wanted->key_span) text_.Remove(object, {position});
    ++position;
  }
}

void InventoryEdit::NumberEnvironments() {
  const auto environments = List("environments");
  if (!environments) return;
  std::size_t position = 0;
  for (const json::Value environment : environments->elements()) {
    const std::string place = std::to_string(position++);
    const auto order = FindMember(environment, "order");
    if (order && !order->value.is_null()) Set(environment, {{"order", "order", place}});
  }
}

}  // namespace lockstep::service
