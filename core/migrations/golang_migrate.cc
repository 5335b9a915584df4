// golang-migrate: source/parse.go (^([0-9]+)_(.*)\.(down|up)\.(.*)$, versions are unsigned numbers
// of 64 bits) and source/migration.go (in the order of versions; a version without an up file is
// passed over). Files of the folder itself; others are not looked at.
#include "core/base/text.h"
#include "core/migrations/reading.h"

namespace lockstep::migrations {
namespace {

using base::Quote;

struct Name {
  std::string_view version, name;
  bool up = false;
};

std::optional<Name> Parse(std::string_view path) {
  const std::size_t digits = LeadingDigits(path);
  if (digits == 0 || digits == path.size() || path[digits] != '_') return std::nullopt;
  const std::string_view rest = path.substr(digits + 1);
  const std::size_t up = rest.rfind(".up."), down = rest.rfind(".down.");
  const bool has_up = up != std::string_view::npos, has_down = down != std::string_view::npos;
  if (!has_up && !has_down) return std::nullopt;
  const bool is_up = has_up && (!has_down || up > down);
  return Name{WithoutLeadingZeros(path.substr(0, digits)), rest.substr(0, is_up ? up : down),
              is_up};
}

bool FitsIn64Bits(std::string_view digits) {
  constexpr std::string_view kLargest = "18446744073709551615";
  return digits.size() < kLargest.size() ||
         (digits.size() == kLargest.size() && digits <= kLargest);
}

}  // namespace

void ReadGolangMigrate(const Folder& folder, Reading& reading) {
  std::vector<Migration> down;
  for (const File& file : folder.files) {
    if (IsInSubfolder(file.path)) {
      if (file.path.ends_with(".sql")) {
        reading.Notice(StartOf(file), "is left out, as migrate does: it lies in a subfolder");
      }
      continue;
    }
    const std::optional<Name> name = Parse(file.path);
    if (!name) {
      if (file.path.ends_with(".sql")) {
        reading.Notice(StartOf(file),
                       "is left out, as migrate does: its name is not as "
                       "000001_name.up.sql");
      }
      continue;
    }
    if (!FitsIn64Bits(name->version)) {
      reading.Fail(StartOf(file), "version " + Quote(name->version) +
                                      " is more than 64 bits hold; give it a smaller one");
      continue;
    }
    std::vector<Migration>& list = name->up ? reading.migrations : down;
    list.push_back({std::string(name->version), std::string(name->name), file.path,
                    std::string(folder.TextOf(file)), StartOf(file)});
  }
  SortByVersion(reading.migrations);
  RefuseDuplicates(reading, "give one of them a version of its own");
  for (const Migration& migration : down) {
    bool has_up = false;
    for (const Migration& other : reading.migrations) has_up |= other.version == migration.version;
    if (has_up) continue;
    reading.Notice(migration.place, "version " + Quote(migration.version) +
                                        " has no up file, so there is nothing to import of it");
  }
}

}  // namespace lockstep::migrations
