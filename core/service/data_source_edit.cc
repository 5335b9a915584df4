#include "core/service/data_source_edit.h"

#include <span>

#include "core/base/json_writer.h"

namespace lockstep::service {
namespace {

std::optional<json::Value> SourcesOf(json::Value instance) {
  const auto member = FindMember(instance, "dataSources");
  if (!member || member->value.is_null()) return std::nullopt;
  return member->value;
}

/// As the service answers it: its own, or its position.
std::string IdOf(json::Value source, std::size_t position) {
  const std::string_view id = TextOf(source, "id");
  return id.empty() ? std::to_string(position + 1) : std::string(id);
}

std::string_view TypeOf(json::Value source) {
  const std::string_view type = TextOf(source, "type");
  return type.empty() ? "ADMIN" : type;
}

/// A source that is written, and what the request makes of it.
struct Written {
  json::Value value;
  const SourceBody* wanted = nullptr;
};

Written* Match(std::vector<Written>& written, const SourceBody& source) {
  for (std::size_t i = 0; i < written.size(); ++i) {
    const std::string_view type = source.type.empty() ? "ADMIN" : std::string_view(source.type);
    const bool same = source.id.empty() ? TypeOf(written[i].value) == type
                                        : IdOf(written[i].value, i) == source.id;
    if (same && written[i].wanted == nullptr) return &written[i];
  }
  return nullptr;
}

/// All but a password that the request does not say.
std::vector<Setting> SettingsFor(const SourceBody& source) {
  std::vector<Setting> settings = source.settings;
  std::erase_if(settings, [](const Setting& setting) {
    return setting.key == "password" && setting.is_default;
  });
  return settings;
}

void AddSources(InventoryEdit& edit, json::Value instance,
                std::span<const SourceBody* const> added) {
  if (added.empty()) return;
  const auto member = FindMember(instance, "dataSources");
  if (member && !member->value.is_null()) {
    for (const SourceBody* source : added) edit.text().Append(member->value, NewSource(*source));
    return;
  }
  base::JsonWriter list;
  list.BeginArray();
  for (const SourceBody* source : added) list.Raw(NewSource(*source));
  list.EndArray();
  if (member)
    edit.text().Replace(member->value, list.Take());
  else
    edit.text().AddMember(instance, "dataSources", list.Take());
}

}  // namespace

std::string NewSource(const SourceBody& source) {
  base::JsonWriter writer;
  writer.BeginObject();
  if (!source.id.empty()) writer.Member("id", source.id);
  for (const Setting& setting : Chosen(source.settings, nullptr))
    writer.Key(setting.key).Raw(setting.json);
  return writer.EndObject().Take();
}

void AddSource(InventoryEdit& edit, json::Value instance, const SourceBody& source) {
  const SourceBody* const added[] = {&source};
  AddSources(edit, instance, added);
}

void SetSources(InventoryEdit& edit, json::Value instance, const std::vector<SourceBody>& sources) {
  std::vector<Written> written;
  const auto list = SourcesOf(instance);
  if (list) {
    for (const json::Value value : list->elements()) written.push_back({value});
  }
  std::vector<const SourceBody*> added;
  for (const SourceBody& source : sources) {
    Written* const match = Match(written, source);
    if (match != nullptr)
      match->wanted = &source;
    else
      added.push_back(&source);
  }
  // New ones take the places of those that go: a list is never added to and removed from at once.
  std::size_t next = 0;
  std::vector<std::size_t> removed;
  for (std::size_t i = 0; i < written.size(); ++i) {
    if (written[i].wanted != nullptr)
      edit.Set(written[i].value, SettingsFor(*written[i].wanted));
    else if (next < added.size())
      edit.text().Replace(written[i].value, NewSource(*added[next++]));
    else
      removed.push_back(i);
  }
  if (!removed.empty()) edit.text().Remove(*list, removed);
  AddSources(edit, instance, std::span(added).subspan(next));
}

std::optional<InventoryEdit::Entry> FindSource(json::Value instance, std::string_view id) {
  const auto list = SourcesOf(instance);
  if (!list) return std::nullopt;
  std::size_t position = 0;
  for (const json::Value source : list->elements()) {
    if (IdOf(source, position) == id) return InventoryEdit::Entry{*list, source, position};
    ++position;
  }
  return std::nullopt;
}

}  // namespace lockstep::service
