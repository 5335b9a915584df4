// Flyway. Names: flyway-core, ResourceNameParser (prefix, version, "__", description, suffix) with
// the default configuration; versions: MigrationVersion (underscores are dots, parts compare as
// numbers, missing parts are 0). Locations are read with their subfolders. Repeatable migrations
// come last, in the order of their descriptions, and again whenever they change.
#include <algorithm>
#include <set>

#include "core/base/text.h"
#include "core/migrations/reading.h"

namespace lockstep::migrations {
namespace {

using base::Quote;

constexpr std::string_view kSuffix = ".sql";
constexpr std::string_view kSeparator = "__";

bool IsUpper(char c) {
  return c >= 'A' && c <= 'Z';
}

/// beforeMigrate.sql, afterEachMigrate__name.sql, createSchema.sql …
bool IsCallback(std::string_view name) {
  for (const std::string_view prefix : {"before", "after"}) {
    if (name.starts_with(prefix) && name.size() > prefix.size() && IsUpper(name[prefix.size()]))
      return true;
  }
  return name.starts_with("createSchema");
}

/// "1_2" is "1.2"; "" when it is no version.
std::string VersionOf(std::string_view text) {
  std::string version(text);
  std::replace(version.begin(), version.end(), '_', '.');
  for (std::size_t at = 0; at <= version.size();) {
    const std::size_t dot = std::min(version.find('.', at), version.size());
    if (dot == at || LeadingDigits(std::string_view(version).substr(at, dot - at)) != dot - at)
      return "";
    at = dot + 1;
  }
  return version;
}

/// "1.0" and "1" are one version: without parts of zeros at the end.
std::string_view Canonical(std::string_view version) {
  for (;;) {
    const std::size_t dot = version.rfind('.');
    if (dot == std::string_view::npos) return version;
    if (version.find_first_not_of('0', dot + 1) != std::string_view::npos) return version;
    version = version.substr(0, dot);
  }
}

class FlywayReader {
 public:
  FlywayReader(const Folder& folder, Reading& reading) : folder_(folder), reading_(reading) {}

  void Read() {
    for (const File& file : folder_.files) ReadFile(file);
    SortByVersion(reading_.migrations);
    RefuseDuplicates(reading_, "give one of them a version of its own");
    std::stable_sort(repeatable_.begin(), repeatable_.end(),
                     [](const Migration& a, const Migration& b) { return a.name < b.name; });
    for (std::size_t i = 1; i < repeatable_.size(); ++i) {
      if (repeatable_[i].name != repeatable_[i - 1].name) continue;
      reading_.Fail(repeatable_[i].place, "the description " + Quote(repeatable_[i].name) +
                                              " is that of " + Quote(repeatable_[i - 1].key) +
                                              ", too; describe one of them otherwise");
    }
    for (Migration& migration : repeatable_) reading_.migrations.push_back(std::move(migration));
  }

 private:
  void ReadFile(const File& file) {
    const std::string_view name = FileName(file.path);
    if (name.ends_with(".sql.conf")) {
      return reading_.Notice(StartOf(file), "is left out: settings of one Flyway script");
    }
    if ((name.starts_with('V') || name.starts_with('R')) &&
        (name.ends_with(".java") || name.ends_with(".class"))) {
      return reading_.Notice(StartOf(file), "is left out: a migration in Java is no SQL");
    }
    if (!name.ends_with(kSuffix)) return;
    const std::string_view stem = name.substr(0, name.size() - kSuffix.size());
    if (IsCallback(stem)) {
      return reading_.Notice(StartOf(file), "is left out: a callback of Flyway is no migration");
    }
    switch (stem.empty() ? ' ' : stem[0]) {
      case 'V':
        return ReadVersioned(file, stem.substr(1));
      case 'R':
        return ReadRepeatable(file, stem.substr(1));
      case 'U':
        return reading_.Notice(StartOf(file), "is left out: an undo migration goes back");
      case 'B':
        return reading_.Notice(StartOf(file),
                               "is left out: a baseline migration is for new databases only");
      case 'v':
      case 'r':
        return reading_.Notice(StartOf(file),
                               "is left out, as Flyway does: prefixes are upper "
                               "case, V1.2__name.sql or R__name.sql");
      default:
        return reading_.Notice(StartOf(file),
                               "is left out, as Flyway does: its name is neither "
                               "V1.2__name.sql nor R__name.sql");
    }
  }

  void ReadVersioned(const File& file, std::string_view rest) {
    const std::size_t separator = std::min(rest.find(kSeparator), rest.size());
    const std::string version = VersionOf(rest.substr(0, separator));
    if (version.empty() && LeadingDigits(rest) == 0 && separator > 0) {
      return reading_.Notice(StartOf(file),
                             "is left out, as Flyway does: no version stands after "
                             "V in its name");
    }
    if (version.empty()) {
      return reading_.Fail(StartOf(file), Quote(rest.substr(0, separator)) +
                                              " is no version; name the file as V1.2__name.sql");
    }
    Add(reading_.migrations, file, std::string(Canonical(version)),
        DescriptionIn(rest.substr(separator)));
  }

  void ReadRepeatable(const File& file, std::string_view rest) {
    if (!rest.starts_with(kSeparator)) {
      return reading_.Fail(StartOf(file),
                           "a repeatable migration has no version; name the file as "
                           "R__name.sql");
    }
    reading_.Notice(StartOf(file),
                    "runs once: Flyway runs a repeatable migration again whenever "
                    "it changes");
    Add(repeatable_, file, "", DescriptionIn(rest));
  }

  static std::string DescriptionIn(std::string_view rest) {
    std::string description(rest.starts_with(kSeparator) ? rest.substr(kSeparator.size()) : rest);
    std::replace(description.begin(), description.end(), '_', ' ');
    return description;
  }

  void Add(std::vector<Migration>& list, const File& file, std::string version, std::string name) {
    TellPlaceholders(file);
    if (name.empty()) name = "V" + version;
    list.push_back({std::move(version), std::move(name), file.path,
                    std::string(folder_.TextOf(file)), StartOf(file)});
  }

  /// Each once in a file.
  void TellPlaceholders(const File& file) {
    const std::string_view text = folder_.TextOf(file);
    std::set<std::string_view> told;
    for (std::size_t at = text.find("${"); at != std::string_view::npos;
         at = text.find("${", at + 2)) {
      const std::size_t end = text.find_first_of("}\n", at);
      if (end == std::string_view::npos || text[end] == '\n') continue;
      const std::string_view placeholder = text.substr(at, end + 1 - at);
      if (!told.insert(placeholder).second) continue;
      reading_.Notice(
          {file.source, {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end + 1)}},
          "the placeholder " + Quote(placeholder) +
              " stays as it is: Flyway would replace it; write its value into the sheet");
    }
  }

  const Folder& folder_;
  Reading& reading_;
  std::vector<Migration> repeatable_;
};

}  // namespace

void ReadFlyway(const Folder& folder, Reading& reading) {
  FlywayReader(folder, reading).Read();
}

}  // namespace lockstep::migrations
