// Liquibase, formatted SQL: liquibase/parser/AbstractFormattedChangeLogParser.java (the lines that
// it knows, case ignored) and includeAll (files in the order of their paths, with subfolders). Each
// changeset is a migration.
#include <set>

#include "core/base/text.h"
#include "core/migrations/reading.h"

namespace lockstep::migrations {
namespace {

using base::EqualsIgnoreCaseAscii;
using base::Quote;

/// What follows "--" and `word` on a line, when it is such a line.
std::optional<std::string_view> After(std::string_view line, std::string_view word) {
  line = Trim(line);
  if (!line.starts_with("--")) return std::nullopt;
  line = Trim(line.substr(2));
  if (!StartsWithIgnoreCase(line, word)) return std::nullopt;
  return line.substr(word.size());
}

/// "a b" of `"a b" …`, else up to a blank; with what follows left in `text`.
std::string_view TakeQuoted(std::string_view& text, std::string_view ends) {
  text = Trim(text);
  if (text.starts_with('"') && text.find('"', 1) != std::string_view::npos) {
    const std::string_view word = text.substr(1, text.find('"', 1) - 1);
    text = text.substr(word.size() + 2);
    return word;
  }
  const std::string_view word = text.substr(0, text.find_first_of(ends));
  text = text.substr(word.size());
  return word;
}

class LiquibaseFile {
 public:
  LiquibaseFile(const Folder& folder, const File& file, Reading& reading)
      : folder_(folder), file_(file), reading_(reading) {}

  void Read() {
    for (const Line& line : LinesOf(folder_.TextOf(file_))) ReadLine(line);
    if (ignoring_) reading_.Fail(PlaceOf(file_, begin_), "\"--ignoreLines:end\" is missing");
    if (in_rollback_) reading_.Fail(PlaceOf(file_, begin_), "\"*/\" of the rollback is missing");
    Finish();
  }

 private:
  void ReadLine(const Line& line) {
    if (skip_ > 0) return void(--skip_);
    const std::string_view text = Trim(line.text);
    if (in_rollback_) return void(in_rollback_ = !text.ends_with("*/"));
    if (ignoring_) {
      const auto end = After(text, "ignoreLines:");
      return void(ignoring_ = !(end && EqualsIgnoreCaseAscii(Trim(*end), "end")));
    }
    if (text.starts_with("/*") &&
        StartsWithIgnoreCase(Trim(text.substr(2)), "liquibase rollback")) {
      begin_ = line;
      in_rollback_ = !text.ends_with("*/");
    } else if (text.starts_with("-") && !ReadDirective(line)) {
      Take(line);
    } else if (!text.starts_with("-")) {
      Take(line);
    }
  }

  void Take(const Line& line) {
    if (open_) {
      migration_.sql.append(folder_.TextOf(file_), line.begin, line.end - line.begin);
    } else if (!Trim(line.text).empty() && !Trim(line.text).starts_with("--") && !told_) {
      told_ = true;
      reading_.Notice(PlaceOf(file_, line), "is left out: it stands before the first changeset");
    }
  }

  /// False when it is a comment like any other.
  bool ReadDirective(const Line& line) {
    const std::string_view text = Trim(line.text);
    const Place place = PlaceOf(file_, line);
    if (!text.starts_with("--") && StartsWithIgnoreCase(Trim(text.substr(1)), "changeset ")) {
      reading_.Fail(place, "a changeset begins with two dashes: --changeset author:id");
      return true;
    }
    if (const auto rest = After(text, "changeset")) {
      Begin(line, *rest);
    } else if (const auto lines = After(text, "ignoreLines:")) {
      Ignore(line, Trim(*lines));
    } else if (After(text, "precondition")) {
      reading_.Notice(place, "a precondition is left out: the changeset runs without being asked");
    } else if (After(text, "property ")) {
      reading_.Notice(place,
                      "a property is left out: ${…} stays as it is; write its value into the "
                      "sheet");
    } else {
      return After(text, "rollback") || After(text, "liquibase") || After(text, "comment") ||
             After(text, "validCheckSum");
    }
    return true;
  }

  void Ignore(const Line& line, std::string_view lines) {
    begin_ = line;
    if (EqualsIgnoreCaseAscii(lines, "start")) return void(ignoring_ = true);
    if (lines.empty() || LeadingDigits(lines) != lines.size() || lines.size() > 9) {
      return reading_.Fail(PlaceOf(file_, line),
                           "ignoreLines takes start, end or a number, not " + Quote(lines));
    }
    for (const char c : lines) skip_ = skip_ * 10 + static_cast<std::size_t>(c - '0');
  }

  // ---- changesets ----

  void Begin(const Line& line, std::string_view rest) {
    Finish();
    const std::string_view author = TakeQuoted(rest, ":");
    const bool colon = rest.starts_with(':');
    if (colon) rest.remove_prefix(1);
    const std::string_view id = TakeQuoted(rest, " \t");
    if (author.empty() || !colon || id.empty()) {
      return reading_.Fail(PlaceOf(file_, line), "a changeset is named --changeset author:id");
    }
    std::string key = std::string(author) + ":" + std::string(id);
    if (!seen_.insert(key).second) {
      reading_.Fail(PlaceOf(file_, line),
                    "the changeset " + Quote(key) + " is there already; give it an id of its own");
    }
    const std::string_view name = FileName(file_.path);
    migration_ = {"", std::string(name.substr(0, name.rfind('.'))) + "-" + std::string(id),
                  file_.path + "#" + key, "", PlaceOf(file_, line)};
    open_ = true;
    ReadAttributes(line, rest);
  }

  void ReadAttributes(const Line& line, std::string_view rest) {
    for (rest = Trim(rest); !rest.empty(); rest = Trim(rest)) {
      const std::string_view key = TakeQuoted(rest, ": \t");
      if (!rest.starts_with(':')) {
        if (key.empty()) rest.remove_prefix(1);
        continue;
      }
      rest.remove_prefix(1);
      ReadAttribute(line, key, TakeQuoted(rest, " \t"));
    }
  }

  void ReadAttribute(const Line& line, std::string_view key, std::string_view value) {
    const auto is = [&](std::string_view name) { return EqualsIgnoreCaseAscii(key, name); };
    const auto tell = [&](std::string message) {
      reading_.Notice(PlaceOf(file_, line), Quote(std::string(key) + ":" + std::string(value)) +
                                                " " + std::move(message));
    };
    const bool on = EqualsIgnoreCaseAscii(value, "true");
    if (is("ignore") && on) {
      tell("leaves this changeset out");
      open_ = false;
    } else if (is("dbms") && !Concerns(value)) {
      tell("leaves this changeset out: the engine is another");
      open_ = false;
    } else if (is("dbms") && !folder_.engine) {
      tell("is left out: the changeset runs whatever the engine is; --engine would decide");
    } else if (is("context") || is("contextFilter") || is("labels")) {
      tell("is left out: the changeset runs always");
    } else if ((is("runAlways") || is("runOnChange")) && on) {
      tell("is left out: a sheet runs once");
    } else if ((is("runInTransaction") && !on)) {
      tell(
          "is left out: Lockstep takes statements out of the transaction by itself where the "
          "engine wants it");
    } else if (is("failOnError") && !on) {
      tell("is left out: a statement that fails ends its task");
    } else if (is("endDelimiter")) {
      tell("is left out: Lockstep splits sheets as the engine's own client does");
    } else if (is("runWith")) {
      tell("is left out: sheets run through the engine's own client");
    }
  }

  /// "postgresql,!h2": names of engines, or "all", "none".
  bool Concerns(std::string_view list) const {
    if (!folder_.engine) return true;
    bool only_exclusions = true;
    while (!list.empty()) {
      std::string_view name = Trim(list.substr(0, list.find(',')));
      list = list.substr(std::min(list.size(), list.find(',') == std::string_view::npos
                                                   ? list.size()
                                                   : list.find(',') + 1));
      const bool not_this = name.starts_with('!');
      if (not_this) name.remove_prefix(1);
      const bool same = sql::FindEngineLoosely(name) == folder_.engine;
      if (not_this && same) return false;
      if (!not_this && (same || EqualsIgnoreCaseAscii(name, "all"))) return true;
      only_exclusions &= not_this;
    }
    return only_exclusions;
  }

  void Finish() {
    if (open_) reading_.migrations.push_back(std::move(migration_));
    open_ = false;
  }

  const Folder& folder_;
  const File& file_;
  Reading& reading_;
  Migration migration_;  // that is open
  bool open_ = false, told_ = false, ignoring_ = false, in_rollback_ = false;
  std::size_t skip_ = 0;  // lines to pass over
  Line begin_;            // of what must end
  std::set<std::string> seen_;
};

bool IsFormatted(std::string_view text) {
  for (const Line& line : LinesOf(text)) {
    if (Trim(line.text).empty()) continue;
    const auto rest = After(line.text, "liquibase");
    return rest && StartsWithIgnoreCase(Trim(*rest), "formatted");
  }
  return false;
}

}  // namespace

void ReadLiquibaseSql(const Folder& folder, Reading& reading) {
  for (const File& file : folder.files) {
    if (!file.path.ends_with(".sql")) continue;
    if (IsFormatted(folder.TextOf(file))) {
      LiquibaseFile(folder, file, reading).Read();
    } else {
      reading.Notice(StartOf(file),
                     "is left out: it does not begin with --liquibase formatted sql");
    }
  }
}

}  // namespace lockstep::migrations
