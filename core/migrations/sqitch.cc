// Sqitch: sqitch.plan (lib/App/Sqitch/Plan.pm: pragmas %, comments #, tags @, changes with an
// optional + or - and dependencies in brackets), deploy/CHANGE.sql beside it
// (lib/App/Sqitch/Plan/Change.pm, path_segments: the script of a change that is reworked later is
// deploy/CHANGE@TAG.sql, TAG being the first tag between the two whose file is there).
#include <map>

#include "core/base/text.h"
#include "core/migrations/reading.h"

namespace lockstep::migrations {
namespace {

using base::Quote;

constexpr std::string_view kPlanName = "sqitch.plan";

struct Change {
  std::string_view name;
  Line line;
  std::vector<std::string_view> tags;         ///< that stand behind it, before the next change
  std::vector<std::string_view> rework_tags;  ///< until the same name comes again; empty: never
  bool reworked = false;
};

class SqitchReader {
 public:
  SqitchReader(const Folder& folder, Reading& reading) : folder_(folder), reading_(reading) {}

  void Read() {
    if (!FindPlan()) return;
    for (const Line& line : LinesOf(folder_.TextOf(*plan_))) ReadLine(line);
    for (const Change& change : changes_) AddScript(change);
  }

 private:
  bool FindPlan() {
    for (const File& file : folder_.files) {
      if (FileName(file.path) != kPlanName) continue;
      if (plan_ != nullptr) {
        reading_.Fail(StartOf(file), "there is a sqitch.plan in " + Quote(plan_->path) +
                                         ", too; name the folder of one of them");
        return false;
      }
      plan_ = &file;
    }
    if (plan_ == nullptr) return false;
    root_ = plan_->path.substr(0, plan_->path.size() - kPlanName.size());
    for (const File& file : folder_.files) by_path_[file.path] = &file;
    return true;
  }

  void Fail(const Line& line, std::string message) {
    reading_.Fail(PlaceOf(*plan_, line), std::move(message));
  }

  void ReadLine(const Line& line) {
    std::string_view rest = Trim(line.text.substr(0, line.text.find('#')));
    if (rest.empty() || rest[0] == '%') return;
    if (rest[0] == '@') return ReadTag(line, TakeWord(rest).substr(1));
    if (rest[0] == '-') {
      return Fail(line, "a change that reverts cannot be imported; end the plan before it");
    }
    if (rest[0] == '+') rest = Trim(rest.substr(1));
    ReadChange(line, TakeWord(rest), rest);
  }

  void ReadTag(const Line& line, std::string_view tag) {
    if (changes_.empty()) return Fail(line, "a tag stands before the first change");
    if (!tag_lines_.try_emplace(tag, line).second) {
      return Fail(line, "the tag " + Quote(tag) + " is there already; call it otherwise");
    }
    changes_.back().tags.push_back(tag);
  }

  void ReadChange(const Line& line, std::string_view name, std::string_view rest) {
    CheckDependencies(line, name, rest);
    const auto [known, is_new] = last_of_.try_emplace(name, changes_.size());
    if (!is_new) {
      Change& before = changes_[known->second];
      before.reworked = true;
      for (std::size_t at = known->second; at < changes_.size(); ++at) {
        const auto& tags = changes_[at].tags;
        before.rework_tags.insert(before.rework_tags.end(), tags.begin(), tags.end());
      }
      if (before.rework_tags.empty()) {
        Fail(line, "the change " + Quote(name) +
                       " is there already; a tag must stand between a "
                       "change and its rework");
      }
      known->second = changes_.size();
    }
    changes_.push_back({name, line, {}, {}, false});
  }

  /// "[a b@tag :c !d other:e]"
  void CheckDependencies(const Line& line, std::string_view name, std::string_view rest) {
    if (!rest.starts_with('[')) return;
    const std::size_t end = rest.find(']');
    if (end == std::string_view::npos) return Fail(line, "\"]\" is missing");
    std::string_view list = rest.substr(1, end - 1);
    for (std::string_view word = TakeWord(list); !word.empty(); word = TakeWord(list)) {
      if (word.starts_with('!')) {
        reading_.Notice(PlaceOf(*plan_, line), "nobody looks whether the conflict " +
                                                   Quote(word.substr(1)) + " of " + Quote(name) +
                                                   " is there: Lockstep has no conflicts");
        continue;
      }
      if (word.starts_with(':')) word.remove_prefix(1);
      if (word.find(':') != std::string_view::npos) {
        reading_.Notice(PlaceOf(*plan_, line), Quote(name) + " requires " + Quote(word) +
                                                   " of another project, which must be there");
        continue;
      }
      CheckDependency(line, name, word);
    }
  }

  void CheckDependency(const Line& line, std::string_view name, std::string_view required) {
    const std::size_t at = required.find('@');
    const std::string_view change = required.substr(0, at);
    const std::string_view tag = at == std::string_view::npos ? "" : required.substr(at + 1);
    const bool there =
        (change.empty() || last_of_.contains(change)) && (tag.empty() || tag_lines_.contains(tag));
    if (there) return;
    Fail(line, Quote(name) + " requires " + Quote(required) +
                   ", which does not stand before it in the plan; move it up");
  }

  const File* ScriptOf(const Change& change, std::string& path) const {
    const std::string stem = root_ + "deploy/" + std::string(change.name);
    path = stem + ".sql";
    if (change.reworked && !change.rework_tags.empty()) {
      path = stem + "@" + std::string(change.rework_tags[0]) + ".sql";
      for (const std::string_view tag : change.rework_tags) {
        const auto found = by_path_.find(stem + "@" + std::string(tag) + ".sql");
        if (found != by_path_.end()) return found->second;
      }
    }
    const auto found = by_path_.find(path);
    return found == by_path_.end() ? nullptr : found->second;
  }

  void AddScript(const Change& change) {
    std::string path;
    const File* script = ScriptOf(change, path);
    if (script == nullptr) {
      return Fail(change.line, "there is no " + Quote(path) + " of the change " +
                                   Quote(change.name) + "; name the folder that holds deploy/");
    }
    reading_.migrations.push_back({"", std::string(change.name), script->path,
                                   std::string(folder_.TextOf(*script)), StartOf(*script)});
  }

  const Folder& folder_;
  Reading& reading_;
  const File* plan_ = nullptr;
  std::string root_;  // "" or "top/"
  std::map<std::string, const File*, std::less<>> by_path_;
  std::vector<Change> changes_;
  std::map<std::string_view, std::size_t> last_of_;  // the last change of a name
  std::map<std::string_view, Line> tag_lines_;
};

}  // namespace

void ReadSqitch(const Folder& folder, Reading& reading) {
  SqitchReader(folder, reading).Read();
}

}  // namespace lockstep::migrations
