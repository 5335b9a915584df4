#include "core/service/setting.h"

#include <algorithm>

#include "core/base/json_writer.h"

namespace lockstep::service {
namespace {

bool IsAsked(const UpdateMask& mask, std::string_view path) {
  return mask.Has(path) || mask.Has(path.substr(0, path.find('.')));
}

}  // namespace

Setting TextSetting(std::string_view path, std::string_view key, std::string_view value) {
  base::JsonWriter writer;
  return {path, key, writer.String(value).Take(), value.empty()};
}

Setting NumberSetting(std::string_view path, std::string_view key, std::int64_t value) {
  return {path, key, std::to_string(value), value == 0};
}

std::vector<Setting> Chosen(const std::vector<Setting>& settings, const UpdateMask* mask) {
  std::vector<Setting> chosen;
  for (const Setting& setting : settings) {
    if (mask == nullptr ? setting.is_default : !IsAsked(*mask, setting.path)) continue;
    const auto same = std::find_if(chosen.begin(), chosen.end(),
                                   [&](const Setting& other) { return other.key == setting.key; });
    if (same == chosen.end())
      chosen.push_back(setting);
    else if (same->is_default)
      *same = setting;
  }
  return chosen;
}

std::vector<std::pair<std::string_view, std::vector<Setting>>> ByFirstPart(
    const std::vector<Setting>& settings) {
  std::vector<std::pair<std::string_view, std::vector<Setting>>> parts;
  for (Setting setting : settings) {
    const std::size_t dot = std::min(setting.key.find('.'), setting.key.size());
    const std::string_view first = setting.key.substr(0, dot);
    setting.key.remove_prefix(std::min(dot + 1, setting.key.size()));
    auto part = std::find_if(parts.begin(), parts.end(),
                             [&](const auto& other) { return other.first == first; });
    if (part == parts.end()) part = parts.insert(part, {first, {}});
    part->second.push_back(std::move(setting));
  }
  return parts;
}

std::string Composed(const std::vector<Setting>& settings) {
  if (settings.size() == 1 && settings[0].key.empty()) return settings[0].json;
  base::JsonWriter writer;
  writer.BeginObject();
  for (const auto& [key, inner] : ByFirstPart(settings)) writer.Key(key).Raw(Composed(inner));
  return writer.EndObject().Take();
}

}  // namespace lockstep::service
