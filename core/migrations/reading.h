// Reading: what a tool's reader makes of a folder, and small things that readers share. For this
// folder only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/text.h"
#include "core/migrations/migrations.h"

namespace lockstep::migrations {

using diagnostics::Place;

struct Migration {
  std::string version;  ///< as the tool shows it; "" without one
  std::string name;     ///< for people
  std::string key;      ///< what the tool knows it by: makes ids
  std::string sql;      ///< the up part
  Place place;
};

struct Folder {
  const diagnostics::Sources& sources;
  std::vector<File> files;  ///< sorted by path
  std::optional<sql::Engine> engine;

  std::string_view TextOf(const File& file) const { return sources[file.source].text(); }
};

/// Migrations in the order in which the tool applies them.
struct Reading {
  std::vector<Migration> migrations;
  std::vector<diagnostics::Remark> notices, errors;

  void Notice(Place place, std::string message) {
    notices.push_back({place, std::move(message), ""});
  }
  void Fail(Place place, std::string message) { errors.push_back({place, std::move(message), ""}); }
};

void ReadFlyway(const Folder& folder, Reading& reading);
void ReadDbmate(const Folder& folder, Reading& reading);
void ReadGolangMigrate(const Folder& folder, Reading& reading);
void ReadGoose(const Folder& folder, Reading& reading);
void ReadSqitch(const Folder& folder, Reading& reading);
void ReadLiquibaseSql(const Folder& folder, Reading& reading);

// ---- small things ----

/// The whole file, as a place.
Place StartOf(const File& file);

std::string_view FileName(std::string_view path);
bool IsInSubfolder(std::string_view path);
/// How many digits a text begins with.
std::size_t LeadingDigits(std::string_view text);
std::string_view WithoutLeadingZeros(std::string_view digits);  ///< "0" stays
using base::Trim;
/// The first word, and the rest of `text` behind it.
std::string_view TakeWord(std::string_view& text);
bool StartsWithIgnoreCase(std::string_view text, std::string_view prefix);

/// A line and where it stands. `text` without the line end, `end` behind it.
struct Line {
  std::string_view text;
  std::uint32_t begin = 0, end = 0;
};
std::vector<Line> LinesOf(std::string_view text);
Place PlaceOf(const File& file, const Line& line);

/// Stable; then `tell(first, second)` for neighbours of equal version.
void SortByVersion(std::vector<Migration>& migrations);
/// Errors for migrations of equal version, which must be neighbours.
void RefuseDuplicates(Reading& reading, std::string_view way_out);

}  // namespace lockstep::migrations
