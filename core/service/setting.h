// Setting: what a request says of one member of an entry of the inventory.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/service/update_mask.h"

namespace lockstep::service {

struct Setting {
  std::string_view path;    ///< in the request, as an update mask names it
  std::string_view key;     ///< in the file, lowerCamel: "databaseExpr.expression"
  std::string json;         ///< compact
  bool is_default = false;  ///< says no more than if it were missing
};

/// Says nothing when it is "" or 0.
Setting TextSetting(std::string_view path, std::string_view key, std::string_view value);
Setting NumberSetting(std::string_view path, std::string_view key, std::int64_t value);

/// Those that an entry is to be written with: all that say something or, of an update, those that
/// its mask names. Of several for one key the first that says something.
std::vector<Setting> Chosen(const std::vector<Setting>& settings, const UpdateMask* mask);

/// Settings by the first part of their keys, in their order, with the rest as their keys: those of
/// "checkers.requiredIssueApproval" and "automatic" under "checkers" and "automatic".
std::vector<std::pair<std::string_view, std::vector<Setting>>> ByFirstPart(
    const std::vector<Setting>& settings);

/// The value that they make: {"checkers": {"requiredIssueApproval": …}, "automatic": …}, compact;
/// of one without a key its own.
std::string Composed(const std::vector<Setting>& settings);

/// Paths that an update mask may name, and fields of a body that no request can change.
struct Paths {
  std::span<const std::string_view> known, read_only;
};

}  // namespace lockstep::service
