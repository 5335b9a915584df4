#include "core/migrations/migrations.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/check/version_order.h"
#include "core/migrations/assemble.h"
#include "core/migrations/reading.h"
#include "core/names/resource_name.h"

namespace lockstep::migrations {
namespace {

using base::Error;
using base::ErrorCode;
using base::Quote;

struct Known {
  std::string_view name;
  void (*read)(const Folder& folder, Reading& reading);
  std::string_view expected;  ///< what its files are called
};
// In the order of Tool.
constexpr Known kKnown[] = {
    {"flyway", ReadFlyway, "V1.2__name.sql or R__name.sql"},
    {"dbmate", ReadDbmate, "20240131120000_name.sql"},
    {"golang-migrate", ReadGolangMigrate, "000001_name.up.sql"},
    {"goose", ReadGoose, "00001_name.sql"},
    {"sqitch", ReadSqitch, "sqitch.plan, beside deploy/"},
    {"liquibase-sql", ReadLiquibaseSql, "*.sql that begins with --liquibase formatted sql"},
};
constexpr std::string_view kNames[] = {kKnown[0].name, kKnown[1].name, kKnown[2].name,
                                       kKnown[3].name, kKnown[4].name, kKnown[5].name};

void SortByPlace(std::vector<diagnostics::Remark>& remarks) {
  std::stable_sort(remarks.begin(), remarks.end(),
                   [](const auto& a, const auto& b) { return a.place < b.place; });
}

// Versions that do not grow along the chain would contradict it: a database that has a higher one
// holds back the lower.
void DropVersionsThatDoNotGrow(Reading& reading) {
  const Migration* last = nullptr;
  for (const Migration& migration : reading.migrations) {
    if (migration.version.empty()) continue;
    if (last != nullptr && check::CompareVersions(plan::VersionOrder::kNumericParts, last->version,
                                                  migration.version) >= 0) {
      reading.Notice(migration.place, "comes after version " + Quote(last->version) +
                                          ", as the tool has it, so the plan has no versions: they "
                                          "would contradict that order");
      for (Migration& each : reading.migrations) each.version.clear();
      return;
    }
    last = &migration;
  }
}

std::string Summary(const Reading& reading, const std::vector<Target>& targets) {
  const std::size_t count = reading.migrations.size();
  return base::Plural(count * targets.size(), "spec") + ", " + base::Plural(count, "migration") +
         " on " + base::Plural(targets.size(), "target");
}

}  // namespace

std::optional<Tool> FindTool(std::string_view name) {
  for (std::size_t i = 0; i < std::size(kNames); ++i) {
    if (kNames[i] == name) return static_cast<Tool>(i);
  }
  return std::nullopt;
}

std::span<const std::string_view> ToolNames() {
  return kNames;
}

bool Reads(Tool tool, std::string_view path) {
  if (tool == Tool::kSqitch && FileName(path) == "sqitch.plan") return true;
  if (tool == Tool::kGolangMigrate) return path.find(".up.") != std::string_view::npos;
  return path.ends_with(".sql");
}

base::Result<Imported> Import(const diagnostics::Sources& sources, std::vector<File> files,
                              const inventory::Inventory* inventory, const Options& options) {
  if (!names::IsValidUserId(options.project)) {
    return Error{ErrorCode::kInvalidArgument,
                 "the project " + Quote(options.project) +
                     " has to be lower case letters, digits and dashes, and begin with a letter"};
  }
  auto targets = FindTargets(options, inventory);
  if (!targets.ok()) return targets.error();
  std::sort(files.begin(), files.end(),
            [](const File& a, const File& b) { return a.path < b.path; });
  const Known& tool = kKnown[static_cast<std::size_t>(options.tool)];
  Reading reading;
  tool.read({sources, std::move(files), targets->front().engine}, reading);
  Imported imported;
  if (reading.errors.empty()) {
    Tidy(targets->front().dialect, reading);
    if (reading.migrations.empty()) {
      return Error{ErrorCode::kNotFound, "there is nothing of " + std::string(tool.name) +
                                             " to import: no " + std::string(tool.expected)};
    }
    DropVersionsThatDoNotGrow(reading);
    imported.plan = WritePlan(reading, *targets, options);
    imported.summary = Summary(reading, *targets);
    if (inventory == nullptr && options.engine) {
      imported.inventory = WriteInventory(*targets, *options.engine);
    }
    std::size_t number = FirstSheet(reading.migrations.size());
    for (Migration& migration : reading.migrations) {
      std::string name = SheetFile(migration, number++);
      imported.sheets.emplace_back(std::move(name), std::move(migration.sql));
    }
  }
  SortByPlace(reading.notices);
  SortByPlace(reading.errors);
  imported.notices = std::move(reading.notices);
  imported.errors = std::move(reading.errors);
  return imported;
}

}  // namespace lockstep::migrations
