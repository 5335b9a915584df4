// dbmate: pkg/dbmate/db.go (files named ^\d+.*\.sql$ of the folder itself, applied in the order of
// their names) and migration.go (the blocks behind "-- migrate:up" and "-- migrate:down"; nothing
// but comments before the first).
#include "core/base/text.h"
#include "core/migrations/reading.h"

namespace lockstep::migrations {
namespace {

using base::Quote;

/// What follows the directive on its line, or nothing when the line is none.
std::optional<std::string_view> Directive(std::string_view line, std::string_view name) {
  if (!line.starts_with("--")) return std::nullopt;
  line = Trim(line.substr(2));
  if (!line.starts_with(name)) return std::nullopt;
  const std::string_view rest = line.substr(name.size());
  if (!rest.empty() && rest[0] != ' ' && rest[0] != '\t') return std::nullopt;
  return Trim(rest);
}

class DbmateReader {
 public:
  DbmateReader(const Folder& folder, Reading& reading) : folder_(folder), reading_(reading) {}

  void Read() {
    for (const File& file : folder_.files) {
      if (!file.path.ends_with(".sql")) continue;
      if (IsInSubfolder(file.path)) {
        reading_.Notice(StartOf(file), "is left out, as dbmate does: it lies in a subfolder");
      } else if (LeadingDigits(file.path) == 0) {
        reading_.Notice(StartOf(file),
                        "is left out, as dbmate does: its name does not begin with "
                        "a version, as 20240131120000_name.sql does");
      } else {
        ReadFile(file);
      }
    }
    // Files are in the order of names, which is dbmate's; equal versions are neighbours.
    RefuseDuplicates(reading_, "dbmate would never apply the second; rename it");
  }

 private:
  void ReadFile(const File& file) {
    const std::string_view text = folder_.TextOf(file);
    std::optional<std::uint32_t> begin;
    std::uint32_t end = static_cast<std::uint32_t>(text.size());
    for (const Line& line : LinesOf(text)) {
      if (const auto rest = Directive(line.text, "migrate:up"); rest && !begin) {
        begin = line.end;
        if (!rest->empty()) TellOptions(file, line, *rest);
      } else if (Directive(line.text, "migrate:down")) {
        if (!begin) {
          return reading_.Fail(PlaceOf(file, line),
                               "\"-- migrate:down\" stands before "
                               "\"-- migrate:up\"; put it behind");
        }
        end = line.begin;
        break;
      } else if (!begin && !Trim(line.text).empty() && !Trim(line.text).starts_with("--")) {
        return reading_.Fail(PlaceOf(file, line),
                             "a statement stands before \"-- migrate:up\"; "
                             "move it behind");
      }
    }
    if (!begin) {
      return reading_.Fail(StartOf(file),
                           "there is no \"-- migrate:up\"; write it above the "
                           "statements that migrate");
    }
    const std::size_t digits = LeadingDigits(file.path);
    std::string_view name = file.path;
    name.remove_prefix(digits);
    name.remove_suffix(std::string_view(".sql").size());
    if (name.starts_with('_')) name.remove_prefix(1);
    reading_.migrations.push_back({file.path.substr(0, digits),
                                   std::string(name),
                                   file.path,
                                   std::string(text.substr(*begin, end - *begin)),
                                   {file.source, {*begin, end}}});
  }

  void TellOptions(const File& file, const Line& line, std::string_view options) {
    while (!options.empty()) {
      const std::string_view option = TakeWord(options);
      if (option == "transaction:true") continue;
      reading_.Notice(PlaceOf(file, line),
                      option == "transaction:false"
                          ? "transaction:false is left out: Lockstep takes statements out of the "
                            "transaction by itself where the engine wants it"
                          : "the option " + Quote(option) + " is left out");
    }
  }

  const Folder& folder_;
  Reading& reading_;
};

}  // namespace

void ReadDbmate(const Folder& folder, Reading& reading) {
  DbmateReader(folder, reading).Read();
}

}  // namespace lockstep::migrations
