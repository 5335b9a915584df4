#include "native/client/steps.h"

#include <algorithm>
#include <set>

#include "core/base/sha256.h"
#include "core/base/text.h"
#include "core/sql/first_words.h"
#include "native/client/script.h"
#include "native/client/sheet_place.h"
#include "native/client/verdict.h"

namespace lockstep::client {
namespace {

using rollout::TaskError;

constexpr std::size_t kLongestName = 64 * 4;  // 64 characters of UTF-8

std::string LinesOf(const TaskScript& task, std::uint32_t first, std::uint32_t last) {
  const diagnostics::Span begin = task.split->statements[first - 1].span;
  const diagnostics::Span end = task.split->statements[last - 1].span;
  const std::uint32_t from = PlaceInSheet(task.sheet, begin.begin).line;
  const std::uint32_t to = PlaceInSheet(task.sheet, end.end - 1).line;
  return from == to ? "line " + std::to_string(from)
                    : "lines " + std::to_string(from) + "–" + std::to_string(to);
}

std::string StatementsText(std::uint32_t first, std::uint32_t last) {
  return first == last ? "statement " + std::to_string(first)
                       : "statements " + std::to_string(first) + "–" + std::to_string(last);
}

TaskError Changed(const TaskScript& task, const StepRow& row) {
  const std::string what = StatementsText(row.first, row.last);
  if (row.last > StatementCount(task)) {
    return PlainError("SHEET_CHANGED",
                      what + " of the sheet " + (row.first == row.last ? "is" : "are") +
                          " applied already, and the sheet has only " +
                          base::Plural(StatementCount(task), "statement") + " now",
                      "restore what was applied; what stands behind it may be changed");
  }
  TaskError error = PlainError(
      "SHEET_CHANGED",
      "the sheet was changed in " + LinesOf(task, row.first, row.last) + ", and " + what +
          (row.done ? " was applied already as it read before"
                    : " was about to run as it read before when the run was lost"),
      "restore what was applied; what stands behind it may be changed");
  SetPlace(task, row.first - 1, 0, error);
  return error;
}

TaskError ChangedBehind(const TaskScript& task, const StepRow& row) {
  TaskError error = PlainError(
      "SHEET_CHANGED",
      StatementsText(row.first, row.first) +
          " was running when its client was lost, and only the sheet as it was then tells whether "
          "it was applied",
      "restore the whole sheet and run it; or look at the database, then `lockstep resume "
      "--assume TASK=done` (the statement was applied) or TASK=notapplied");
  SetPlace(task, row.first - 1, 0, error);
  return error;
}

TaskError Unknown(const TaskScript& task, const StepRow& row) {
  TaskError error = PlainError(
      "IN_DOUBT",
      StatementsText(row.first, row.first) +
          " was running when its client was lost, and the "
          "database keeps no trace of whether it was applied",
      "look at the database; then `lockstep resume --assume TASK=done` (it was applied) or "
      "TASK=notapplied");
  SetPlace(task, row.first - 1, 0, error);
  return error;
}

/// The index of CREATE INDEX CONCURRENTLY [IF NOT EXISTS] i ON [ONLY] [s.]t or DROP INDEX
/// CONCURRENTLY [IF EXISTS] [s.]i. What is not written is empty.
struct IndexOf {
  bool dropped = false;
  std::string schema, name, table;
};

IndexOf ReadIndex(std::string_view text) {
  IndexOf index;
  const std::vector<std::string> words = sql::FirstWords(text, 14);
  auto at = std::find(words.begin(), words.end(), "concurrently");
  if (at == words.end()) return index;
  index.dropped = words.front() == "drop";
  ++at;
  while (at != words.end() && (*at == "if" || *at == "not" || *at == "exists")) ++at;
  std::vector<std::string> rest(at, words.end());
  const auto qualified = [&](std::string_view body, std::size_t from, std::string& name) {
    if (from >= rest.size()) return;
    name = rest[from];
    const std::size_t begin = body.find('.');
    if (begin == std::string_view::npos || from + 1 >= rest.size()) return;
    index.schema = name;
    name = rest[from + 1];
  };
  if (index.dropped) {
    qualified(text, 0, index.name);
    return index;
  }
  if (!rest.empty() && rest[0] != "on") index.name = rest[0];
  const auto on = std::find(rest.begin(), rest.end(), "on");
  auto from = static_cast<std::size_t>(on - rest.begin()) + 1;
  if (from < rest.size() && rest[from] == "only") ++from;
  qualified(text.substr(0, text.find('(')), from, index.table);
  return index;
}

/// Which of the invalid indexes is the one of a statement: its qualified and quoted name; empty:
/// none; nothing: more than one could be. `list`: lines of name, qualified name, schema, table.
std::optional<std::string> FindInvalid(std::string_view list, const IndexOf& wanted) {
  std::string found;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find('\n'), list.size());
    std::vector<std::string_view> fields;
    for (std::string_view line = list.substr(0, end);;) {
      const std::size_t tab = std::min(line.find('\t'), line.size());
      fields.push_back(line.substr(0, tab));
      if (tab == line.size()) break;
      line.remove_prefix(tab + 1);
    }
    list.remove_prefix(std::min(end + 1, list.size()));
    if (fields.size() != 4 || fields[0] != wanted.name) continue;
    if (!wanted.schema.empty() && fields[2] != wanted.schema) continue;
    if (!wanted.table.empty() && fields[3] != wanted.table) continue;
    if (!found.empty()) return std::nullopt;
    found = fields[1];
  }
  return found;
}

/// The one statement that was about to run: what became of it.
void DecideBegun(const TaskScript& task, const StepRow& row, const MarkerLog& markers,
                 KindOfStatement kind, StepsVerdict& verdict) {
  verdict.resume.begun = row.first;
  if (task.assume != Assumption::kNothing) {
    verdict.resume.begun_is_applied = task.assume == Assumption::kDone;
    return;
  }
  // Taken of all names in the sheet: with other ones it tells nothing.
  const bool comparable = markers.row && markers.row->sheet_sha256 == task.sheet_sha256;
  const bool changed = row.before != markers.fact("fingerprint");
  switch (kind(task, row.first - 1)) {
    case StepKind::kRepeatable:
    case StepKind::kSession:
    case StepKind::kAtomic:
    case StepKind::kAlone:
      return;
    case StepKind::kVisible: {
      if (!comparable) {
        verdict.in_doubt = ChangedBehind(task, row);
        return;
      }
      if (!changed) return;
      const std::string_view text = StatementText(task, row.first - 1);
      const std::string_view invalid = markers.fact("invalid_indexes");
      if (!invalid.empty()) {
        // CREATE or DROP INDEX CONCURRENTLY was cut in the middle, if it is its index. The one is
        // made anew, the other goes on with what is left.
        const IndexOf index = ReadIndex(text);
        const auto own = FindInvalid(invalid, index);
        if (!own || (index.name.empty() && !index.dropped)) break;
        if (!index.dropped) verdict.resume.invalid_index = *own;
        if (!own->empty()) return;
      }
      verdict.resume.begun_is_applied = true;
      return;
    }
    case StepKind::kOpaque:
      break;
  }
  verdict.in_doubt = Unknown(task, row);
}

void AddNames(std::string_view text, std::set<std::string>& names) {
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '"' || text[at] == '`') {  // whole, when it is short and on one line
      const std::size_t end = text.find_first_of(std::string{text[at], '\n'}, at + 1);
      if (end != std::string_view::npos && end > at + 1 && end - at <= kLongestName + 1) {
        names.emplace(text.substr(at + 1, end - at - 1));
      }
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && sql::IsNameByte(text[end])) ++end;
    if (end > at && end - at <= kLongestName && (text[at] < '0' || text[at] > '9')) {
      names.emplace(text.substr(at, end - at));
      names.insert(base::ToLowerAscii(text.substr(at, end - at)));
    }
    at = std::max(end, at + 1);
  }
}

}  // namespace

std::vector<std::string> NamesOf(std::string_view text) {
  std::set<std::string> names;
  AddNames(text, names);
  return {names.begin(), names.end()};
}

std::vector<std::string> NamesIn(const TaskScript& task, KindOfStatement kind) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < StatementCount(task); ++i) {
    if (kind(task, i) == StepKind::kVisible) AddNames(StatementText(task, i), names);
  }
  return {names.begin(), names.end()};
}

std::string DigestOfStatements(const TaskScript& task, std::uint32_t first, std::uint32_t last) {
  base::Sha256 digest;
  for (std::uint32_t i = first; i <= last; ++i) digest.Field(StatementText(task, i - 1));
  return digest.HexDigest().substr(0, 32);
}

std::vector<Step> StepsFrom(const TaskScript& task, std::size_t next, KindOfStatement kind) {
  std::vector<Step> steps;
  for (std::size_t i = 0; i < StatementCount(task); ++i) {
    const auto number = static_cast<std::uint32_t>(i + 1);
    const StepKind k = kind(task, i);
    if (i < next && k != StepKind::kSession) continue;
    const bool joins = k == StepKind::kAtomic && !steps.empty() &&
                       steps.back().kind == StepKind::kAtomic && steps.back().last == i;
    if (joins) {
      steps.back().last = number;
    } else {
      steps.push_back({k, number, number});
    }
  }
  return steps;
}

StepsVerdict DecideSteps(const TaskScript& task, const MarkerLog& markers, KindOfStatement kind) {
  StepsVerdict verdict;
  const StepRow* begun = nullptr;
  for (const StepRow& row : markers.steps) {
    const bool inside = row.first >= 1 && row.first <= row.last && row.last <= StatementCount(task);
    if (!inside || DigestOfStatements(task, row.first, row.last) != row.text_digest) {
      verdict.in_doubt = Changed(task, row);
      return verdict;
    }
    if (row.done) {
      verdict.resume.done = std::max(verdict.resume.done, row.last);
      ++verdict.resume.steps;
    } else {
      begun = &row;
    }
  }
  for (std::uint32_t i = 0; i < verdict.resume.done; ++i) {
    const sql::Statement& statement = task.split->statements[i];
    // A session statement is done again; the others left there what cannot be made again.
    if (!statement.leaves_session_state || kind(task, i) == StepKind::kSession) continue;
    const bool table = statement.statement_class == sql::StatementClass::kDdl;
    TaskError error = PlainError(
        "IN_DOUBT",
        StatementsText(1, verdict.resume.done) + (verdict.resume.done == 1 ? " is" : " are") +
            " applied, and what follows may need " +
            (table ? "the temporary table" : "what was kept in the session by") +
            (table ? " of statement " : " statement ") + std::to_string(i + 1) + ", which is gone",
        "apply the rest by hand, then `lockstep skip` the task");
    SetPlace(task, i, 0, error);
    verdict.in_doubt = std::move(error);
    return verdict;
  }
  if (begun != nullptr) DecideBegun(task, *begun, markers, kind, verdict);
  return verdict;
}

std::string Progress(const TaskScript& task, const ResumePoint& resume) {
  const std::string of = " of " + std::to_string(StatementCount(task));
  const auto next = static_cast<std::uint32_t>(resume.next());
  if (next == 0) return "none of its statements is applied";
  return StatementsText(1, next) + of + (next == 1 ? " is" : " are") + " applied";
}

}  // namespace lockstep::client
