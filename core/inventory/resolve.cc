#include "core/inventory/resolve.h"

#include "core/base/text.h"
#include "core/inventory/group_match.h"
#include "core/names/resource_name.h"

namespace lockstep::inventory {
namespace {

using base::Quote;
using diagnostics::Diagnostic;
using diagnostics::Edit;
using diagnostics::Rule;
using json::Reader;

constexpr std::string_view kEnvironmentPattern = "environments/{environment}";
constexpr std::string_view kInstancePattern = "instances/{instance}";
constexpr std::string_view kDatabasePattern = "instances/{instance}/databases/{database}";
constexpr std::string_view kGroupPattern = "projects/{project}/databaseGroups/{group}";
constexpr std::string_view kSheetPattern = "projects/{project}/sheets/{sheet}";

bool HasIds(std::optional<std::string_view> id) {
  return id && !id->empty();
}
bool HasIds(std::optional<names::DatabaseName> ids) {
  return ids && !ids->instance.empty() && !ids->database.empty();
}
bool HasIds(std::optional<names::DatabaseGroupName> ids) {
  return ids && !ids->project.empty() && !ids->group.empty();
}
bool HasIds(std::optional<names::SheetName> ids) {
  return ids && !ids->project.empty() && !ids->sheet.empty();
}

void ReportName(Reader& reader, std::string_view noun, const SpannedText& name,
                std::string_view pattern) {
  if (!name.present || name.value.empty()) {
    reader.Report(Rule::kInventoryName, name.span,
                  "this " + std::string(noun) + " has no name; expected " + std::string(pattern));
    return;
  }
  Diagnostic& diagnostic = reader.Report(
      Rule::kInventoryName, name.span,
      "the name " + Quote(name.value) + " " + names::ExplainMismatch(name.value, pattern));
  // A bare id where the pattern has a single one: what is missing is certain.
  const std::string_view collection = pattern.substr(0, pattern.find('{'));
  if (names::IsValidUserId(name.value) && pattern.find('{') == pattern.rfind('{')) {
    const std::string full = "\"" + std::string(collection) + std::string(name.value) + "\"";
    diagnostic.fixes.push_back({"write it as " + full, {Edit{diagnostic.place, full}}});
  }
}

/// Fills the look-up of one list. The first of two equal names is the one that is found.
template <class Items, class Index, class Parse>
void EnterNames(Reader& reader, const Items& items,
                std::unordered_map<std::string_view, Index>& by_name, std::string_view noun,
                std::string_view pattern, Parse parse) {
  by_name.reserve(items.size());
  std::size_t position = 0;
  for (const auto& item : items) {
    const Index index(position++);
    const SpannedText& name = item.name;
    if (!HasIds(parse(name.value))) {
      ReportName(reader, noun, name, pattern);
      continue;
    }
    const auto [entry, is_new] = by_name.emplace(name.value, index);
    if (is_new) continue;
    reader
        .Report(Rule::kDuplicateInventoryName, name.span,
                Quote(name.value) + " is in the inventory already; rename or remove one of the two")
        .related.push_back(
            reader.RelatedAt(items[entry->second].name.span, "it is written first here"));
  }
}

void CheckEnvironment(Reader& reader, const Inventory& inventory, const SpannedText& environment) {
  const std::string_view name = environment.value;
  if (name.empty() || inventory.environment_by_name.count(name) != 0) return;
  std::vector<std::string_view> known;
  for (const Environment& entry : inventory.environments) known.push_back(entry.name.value);
  std::string message = "the environment " + Quote(name) + " is not in the inventory";
  const std::string_view nearest = base::Nearest(name, known);
  if (!names::ParseEnvironmentName(name)) {
    message += ": the name " + names::ExplainMismatch(name, kEnvironmentPattern);
  } else if (!nearest.empty()) {
    message += "; did you mean " + Quote(nearest) + "?";
  }
  reader.Report(Rule::kUnknownEnvironment, environment.span, std::move(message));
}

/// REQUIRES a well-formed name.
void ResolveInstance(Reader& reader, const Inventory& inventory, Database& database) {
  const auto ids = names::ParseDatabaseName(database.name.value);
  database.database = ids->database;
  std::string_view instance_name = database.name.value;
  instance_name.remove_suffix(std::string_view("/databases/").size() + ids->database.size());
  if (!database.instance.valid()) {
    database.instance = inventory.FindInstance(instance_name);
    if (database.instance.valid()) return;
    std::vector<std::string_view> known;
    for (const Instance& entry : inventory.instances) known.push_back(entry.name.value);
    std::string message =
        "the instance " + Quote(instance_name) + " of this database is not in the inventory";
    const std::string_view nearest = base::Nearest(instance_name, known);
    if (!nearest.empty()) message += "; did you mean " + Quote(nearest) + "?";
    reader.Report(Rule::kUnknownInstanceOfDatabase, database.name.span, std::move(message));
    return;
  }
  const SpannedText& enclosing = inventory.instances[database.instance].name;
  if (enclosing.value == instance_name) return;
  reader
      .Report(Rule::kUnknownInstanceOfDatabase, database.name.span,
              "this database names the instance " + Quote(instance_name) + ", but stands under " +
                  Quote(enclosing.value))
      .related.push_back(reader.RelatedAt(enclosing.span, "the instance that it stands under"));
}

void CheckExpression(Reader& reader, const DatabaseGroup& group) {
  if (group.expression.value.empty()) {
    reader.Report(Rule::kGroupExpression, group.expression.span,
                  "this group has no expression; write {\"databaseExpr\": {\"expression\": "
                  "\"resource.database_name == \\\"hr\\\"\"}}");
    return;
  }
  const auto parsed = GroupExpression::Parse(group.expression.value);
  if (!parsed.ok()) {
    reader.Report(Rule::kGroupExpression, group.expression.span,
                  "the expression can't be read: " + parsed.error().message);
  }
}

}  // namespace

void ResolveNames(Reader& reader, Inventory& inventory) {
  EnterNames(reader, inventory.environments, inventory.environment_by_name, "environment",
             kEnvironmentPattern, names::ParseEnvironmentName);
  EnterNames(reader, inventory.instances, inventory.instance_by_name, "instance", kInstancePattern,
             names::ParseInstanceName);
  EnterNames(reader, inventory.databases, inventory.database_by_name, "database", kDatabasePattern,
             names::ParseDatabaseName);
  EnterNames(reader, inventory.groups, inventory.group_by_name, "database group", kGroupPattern,
             names::ParseDatabaseGroupName);
  EnterNames(reader, inventory.sheets, inventory.sheet_by_name, "sheet", kSheetPattern,
             names::ParseSheetName);
  for (const Instance& instance : inventory.instances) {
    CheckEnvironment(reader, inventory, instance.environment);
  }
  for (Database& database : inventory.databases) {
    CheckEnvironment(reader, inventory, database.environment);
    if (HasIds(names::ParseDatabaseName(database.name.value))) {
      ResolveInstance(reader, inventory, database);
    }
  }
  for (const DatabaseGroup& group : inventory.groups) CheckExpression(reader, group);
}

}  // namespace lockstep::inventory
