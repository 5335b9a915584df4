#include "native/client/steps.h"

#include <algorithm>
#include <set>

#include "core/base/sha256.h"
#include "core/base/text.h"
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

/// "public.i" of {"i", "\"s\".\"i 2\""}: the name that ends with `name`.
std::string FindInvalid(std::string_view list, std::string_view name) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find('\n'), list.size());
    const std::string_view one = list.substr(0, comma);
    const std::size_t bar = one.find('\t');
    if (one.substr(0, bar) == name && bar != std::string_view::npos) {
      return std::string(one.substr(bar + 1));
    }
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return {};
}

/// i of CREATE INDEX CONCURRENTLY [IF NOT EXISTS] i ON t, DROP INDEX CONCURRENTLY [IF EXISTS] i.
std::string IndexName(std::string_view text) {
  const std::vector<std::string> words = FirstWords(text, 12);
  const auto at = std::find(words.begin(), words.end(), "concurrently");
  for (auto word = at; word != words.end(); ++word) {
    if (word == at || *word == "if" || *word == "not" || *word == "exists") continue;
    if (*word == "on") return {};
    return *word;
  }
  return {};
}

/// The one statement that was about to run: what became of it.
void DecideBegun(const TaskScript& task, const StepRow& row, const MarkerLog& markers,
                 KindOfStatement kind, StepsVerdict& verdict) {
  verdict.resume.begun = row.first;
  if (task.assume != Assumption::kNothing) {
    verdict.resume.begun_is_applied = task.assume == Assumption::kDone;
    return;
  }
  const bool changed = row.before != markers.fact("fingerprint");
  switch (kind(task, row.first - 1)) {
    case StepKind::kRepeatable:
    case StepKind::kSession:
    case StepKind::kAtomic:
    case StepKind::kAlone:
      return;
    case StepKind::kVisible: {
      if (!changed) return;
      const std::string_view text = StatementText(task, row.first - 1);
      const std::string_view invalid = markers.fact("invalid_indexes");
      if (!invalid.empty()) {
        // CREATE or DROP INDEX CONCURRENTLY was cut in the middle, if it is its index.
        verdict.resume.invalid_index = FindInvalid(invalid, IndexName(text));
        if (!verdict.resume.invalid_index.empty()) return;
        if (FirstWords(text, 1).front() == "create") break;
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
    while (end < text.size() && IsNameByte(text[end])) ++end;
    if (end > at && end - at <= kLongestName && (text[at] < '0' || text[at] > '9')) {
      names.emplace(text.substr(at, end - at));
      names.insert(base::ToLowerAscii(text.substr(at, end - at)));
    }
    at = std::max(end, at + 1);
  }
}

}  // namespace

bool IsNameByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

std::vector<std::string> FirstWords(std::string_view text, std::size_t count) {
  std::vector<std::string> words;
  std::size_t at = 0;
  const auto skip_to = [&](std::string_view end) {
    const std::size_t found = text.find(end, at);
    at = found == std::string_view::npos ? text.size() : found + end.size();
  };
  while (at < text.size() && words.size() < count) {
    const std::string_view rest = text.substr(at);
    if (rest.starts_with("--") || rest[0] == '#') {
      skip_to("\n");
    } else if (rest.starts_with("/*!") || rest.starts_with("/*M!")) {
      at += rest.find('!') + 1;  // its contents are code
      while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    } else if (rest.starts_with("/*")) {
      skip_to("*/");
    } else if (rest[0] == '"' || rest[0] == '`' || rest[0] == '\'') {
      const std::size_t end = std::min(rest.find(rest[0], 1), rest.size());
      words.emplace_back(rest.substr(1, end - 1));  // a quoted name keeps its case
      at += std::min(end + 1, rest.size());
    } else if (IsNameByte(rest[0])) {
      std::size_t end = 0;
      while (end < rest.size() && IsNameByte(rest[end])) ++end;
      words.push_back(base::ToLowerAscii(rest.substr(0, end)));
      at += end;
    } else {
      ++at;
    }
  }
  return words;
}

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
    if (!statement.leaves_session_state || statement.statement_class != sql::StatementClass::kDdl)
      continue;
    TaskError error =
        PlainError("IN_DOUBT",
                   "statements 1–" + std::to_string(verdict.resume.done) +
                       " are applied, and what follows may need the temporary table of statement " +
                       std::to_string(i + 1) + ", which is gone",
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
