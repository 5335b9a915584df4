#include "core/api/follow_on.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_set>

namespace lockstep::api {
namespace {

using diagnostics::Diagnostic;
using diagnostics::Rule;

struct MissingField {
  Rule rule;
  std::string_view json_name, proto_name;
};
constexpr MissingField kMissingFields[] = {
    {Rule::kNoSteps, "steps", "steps"},
    {Rule::kNoSteps, "specs", "specs"},
    {Rule::kEmptyStep, "specs", "specs"},
    {Rule::kMissingSpecId, "id", "id"},
    {Rule::kMissingConfig, "changeDatabaseConfig", "change_database_config"},
    {Rule::kMissingConfig, "createDatabaseConfig", "create_database_config"},
    {Rule::kMissingConfig, "exportDataConfig", "export_data_config"},
    {Rule::kMissingTarget, "target", "target"},
    {Rule::kMissingTarget, "targets", "targets"},
    {Rule::kMissingSheet, "sheet", "sheet"},
    {Rule::kMissingDatabaseName, "database", "database"},
    {Rule::kMissingOwner, "owner", "owner"},
    {Rule::kMissingCollection, "table", "table"},
};

/// An error: else the finding that is taken out might be the only one.
bool IsUnreadable(const Diagnostic& found) {
  const bool is_value = found.rule == Rule::kWrongType || found.rule == Rule::kNullElement ||
                        found.rule == Rule::kInvalidNumber;
  return is_value && found.severity == diagnostics::Severity::kError;
}

std::string PlaceKey(const Diagnostic& found, std::string_view pointer) {
  return std::to_string(found.place.source.value()).append(pointer);
}

}  // namespace

void DropFollowOns(std::vector<Diagnostic>& diagnostics) {
  std::unordered_set<std::string> unreadable;
  for (const Diagnostic& found : diagnostics) {
    if (!IsUnreadable(found)) continue;
    const std::string_view pointer = found.pointer;
    unreadable.insert(PlaceKey(found, pointer));
    // An element counts for its list.
    const std::size_t slash = pointer.rfind('/');
    const std::string_view last = pointer.substr(std::min(slash + 1, pointer.size()));
    if (!last.empty() && last.find_first_not_of("0123456789") == last.npos) {
      unreadable.insert(PlaceKey(found, pointer.substr(0, slash)));
    }
  }
  if (unreadable.empty()) return;
  std::erase_if(diagnostics, [&](const Diagnostic& found) {
    for (const MissingField& missing : kMissingFields) {
      if (missing.rule != found.rule) continue;
      std::string_view object = found.pointer;
      if (object.ends_with("/id")) object.remove_suffix(3);  // where a spec is pointed at
      for (const std::string_view name : {missing.json_name, missing.proto_name}) {
        if (unreadable.contains(PlaceKey(found, object) + "/" + std::string(name))) return true;
      }
    }
    return false;
  });
}

}  // namespace lockstep::api
