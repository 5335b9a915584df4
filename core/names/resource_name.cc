#include "core/names/resource_name.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <vector>

#include "core/base/text.h"

namespace lockstep::names {
namespace {

/// Splits `name` at every "/" into exactly kLevels pairs (collection, id); the collections must be
/// equal to `collections`, byte by byte.
template <std::size_t kLevels>
std::optional<std::array<std::string_view, kLevels>> ParseIds(
    std::string_view name, const std::string_view (&collections)[kLevels]) {
  std::array<std::string_view, kLevels> ids;
  for (std::size_t level = 0; level < kLevels; ++level) {
    const std::string_view collection = collections[level];
    if (name.size() <= collection.size() || name[collection.size()] != '/' ||
        name.substr(0, collection.size()) != collection) {
      return std::nullopt;
    }
    name.remove_prefix(collection.size() + 1);
    const std::size_t slash = name.find('/');
    const bool last = level + 1 == kLevels;
    if ((slash == std::string_view::npos) != last) return std::nullopt;
    ids[level] = name.substr(0, slash);
    if (!last) name.remove_prefix(slash + 1);
  }
  return ids;
}

std::vector<std::string_view> Split(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t slash = text.find('/');
    parts.push_back(text.substr(0, slash));
    if (slash == std::string_view::npos) return parts;
    text.remove_prefix(slash + 1);
  }
}

bool IsPlaceholder(std::string_view part) {
  return !part.empty() && part.front() == '{';
}

}  // namespace

std::optional<std::string_view> ParseProjectName(std::string_view name) {
  const auto ids = ParseIds(name, {"projects"});
  return ids ? std::optional((*ids)[0]) : std::nullopt;
}

std::optional<std::string_view> ParseInstanceName(std::string_view name) {
  const auto ids = ParseIds(name, {"instances"});
  return ids ? std::optional((*ids)[0]) : std::nullopt;
}

std::optional<std::string_view> ParseEnvironmentName(std::string_view name) {
  const auto ids = ParseIds(name, {"environments"});
  return ids ? std::optional((*ids)[0]) : std::nullopt;
}

std::optional<DatabaseName> ParseDatabaseName(std::string_view name) {
  const auto ids = ParseIds(name, {"instances", "databases"});
  return ids ? std::optional(DatabaseName{(*ids)[0], (*ids)[1]}) : std::nullopt;
}

std::optional<DatabaseGroupName> ParseDatabaseGroupName(std::string_view name) {
  const auto ids = ParseIds(name, {"projects", "databaseGroups"});
  return ids ? std::optional(DatabaseGroupName{(*ids)[0], (*ids)[1]}) : std::nullopt;
}

std::optional<SheetName> ParseSheetName(std::string_view name) {
  const auto ids = ParseIds(name, {"projects", "sheets"});
  return ids ? std::optional(SheetName{(*ids)[0], (*ids)[1]}) : std::nullopt;
}

std::optional<PlanName> ParsePlanName(std::string_view name) {
  const auto ids = ParseIds(name, {"projects", "plans"});
  return ids ? std::optional(PlanName{(*ids)[0], (*ids)[1]}) : std::nullopt;
}

bool IsReleaseName(std::string_view name) {
  return ParseIds(name, {"projects", "releases"}).has_value();
}

bool IsDeploymentConfigName(std::string_view name) {
  return ParseIds(name, {"projects", "deploymentConfigs"}).has_value();
}

std::optional<long long> ParseNumericId(std::string_view id) {
  // from_chars knows "-" but not "+".
  if (!id.empty() && id.front() == '+') {
    id.remove_prefix(1);
    if (!id.empty() && id.front() == '-') return std::nullopt;
  }
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (error != std::errc() || end != id.data() + id.size()) return std::nullopt;
  return number;
}

bool IsValidUserId(std::string_view id) {
  const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (id.empty() || id.size() > 63 || !is_lower(id.front()) || id.back() == '-') return false;
  for (const char c : id) {
    if (!is_lower(c) && !is_digit(c) && c != '-') return false;
  }
  return true;
}

std::string ExplainMismatch(std::string_view name, std::string_view pattern) {
  if (name.empty()) return "is empty where " + std::string(pattern) + " is expected";
  const std::vector<std::string_view> parts = Split(name);
  const std::vector<std::string_view> wanted = Split(pattern);
  // A wrong collection says more than a wrong count: "instance/x" is a slip of the pen.
  for (std::size_t i = 0; i < parts.size() && i < wanted.size(); ++i) {
    const bool is_collection = !IsPlaceholder(wanted[i]) && i + 1 < parts.size();
    if (is_collection && parts[i] != wanted[i]) {
      return "has " + base::Quote(std::string(parts[i]) + "/") + " where " +
             base::Quote(std::string(wanted[i]) + "/") + " is expected";
    }
  }
  if (parts.size() != wanted.size()) {
    return "has " + base::Plural(parts.size(), "part") + " where " + std::string(pattern) +
           " has " + std::to_string(wanted.size());
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].empty()) {
      return "has nothing for " + std::string(wanted[i]) + " of " + std::string(pattern);
    }
  }
  return "is of the form " + std::string(pattern);
}

std::string FormatDatabaseName(std::string_view instance, std::string_view database) {
  std::string name = "instances/";
  name.append(instance).append("/databases/").append(database);
  return name;
}

}  // namespace lockstep::names
