#include "core/service/filter.h"

#include <algorithm>
#include <optional>

#include "core/base/text.h"
#include "core/base/time.h"
#include "core/service/filter_parser.h"
#include "core/service/spelling.h"

namespace lockstep::service {
namespace {

bool IsTime(std::string_view field) {
  return field.ends_with("_time");
}

/// "labels.tenant" is known when "labels.*" is.
bool Stands(std::string_view field, std::string_view known) {
  if (!known.ends_with(".*")) return field == known;
  known.remove_suffix(1);
  return field.starts_with(known) && field.size() > known.size();
}

/// The part before a key is a name of ours, and may be in lowerCamel; a key is the user's own.
std::string SnakeCaseField(std::string_view field) {
  const std::size_t end = std::min(field.find('.'), field.size());
  return SnakeCase(field.substr(0, end)) + std::string(field.substr(end));
}

base::Error Wrong(std::string message) {
  return {base::ErrorCode::kInvalidArgument, "invalid filter: " + std::move(message)};
}

base::Status CheckTerm(const Filter::Term& term, std::span<const std::string_view> fields) {
  const auto is_it = [&](std::string_view known) { return Stands(term.field, known); };
  if (std::none_of(fields.begin(), fields.end(), is_it)) {
    return Wrong("there is no field " + base::Quote(term.field) + "; it may be " +
                 base::Join(std::vector<std::string>(fields.begin(), fields.end()), ", "));
  }
  const bool ordered =
      term.op != Filter::Operator::kEquals && term.op != Filter::Operator::kContains;
  if (ordered && !IsTime(term.field)) {
    return Wrong("only times are compared by <, <=, > and >=, and " + base::Quote(term.field) +
                 " is none");
  }
  if (!IsTime(term.field)) return {};
  if (term.op == Filter::Operator::kContains) {
    return Wrong(base::Quote(term.field) + " is a time; compare it by ==, <, <=, > or >=");
  }
  for (const std::string& value : term.values) {
    if (base::ParseTimestamp(value)) continue;
    return Wrong(base::Quote(value) + " is not a time; write it like \"2026-11-22T03:37:00Z\"");
  }
  return {};
}

bool Contains(std::string_view text, std::string_view part) {
  return base::ToLowerAscii(text).find(base::ToLowerAscii(part)) != std::string::npos;
}

/// False for what is no time, such as that of something that has not happened.
bool HoldsOfTime(std::string_view left, Filter::Operator op, std::string_view right) {
  const auto a = base::ParseTimestamp(left), b = base::ParseTimestamp(right);
  if (!a || !b) return false;
  switch (op) {
    case Filter::Operator::kEquals:
      return *a == *b;
    case Filter::Operator::kLess:
      return *a < *b;
    case Filter::Operator::kAtMost:
      return *a <= *b;
    case Filter::Operator::kMore:
      return *a > *b;
    case Filter::Operator::kAtLeast:
      return *a >= *b;
    case Filter::Operator::kContains:
      break;
  }
  return false;
}

bool Holds(const Filter::Term& term, std::string_view actual) {
  const auto holds = [&](std::string_view value) {
    if (IsTime(term.field)) return HoldsOfTime(actual, term.op, value);
    return term.op == Filter::Operator::kContains ? Contains(actual, value) : actual == value;
  };
  return std::any_of(term.values.begin(), term.values.end(), holds);
}

}  // namespace

base::Result<Filter> Filter::Parse(std::string_view text,
                                   std::span<const std::string_view> fields) {
  auto terms = ParseTerms(text);
  if (!terms.ok()) return Wrong(terms.error().message);
  Filter filter;
  for (Term& term : *terms) {
    term.field = SnakeCaseField(term.field);
    if (auto problem = CheckTerm(term, fields); !problem.ok()) return problem.error();
    filter.terms_.push_back(std::move(term));
  }
  return filter;
}

bool Filter::Matches(const Lookup& lookup) const {
  return std::all_of(terms_.begin(), terms_.end(), [&](const Term& term) {
    const std::vector<std::string> values = lookup(term.field);
    const bool holds = std::any_of(values.begin(), values.end(),
                                   [&](std::string_view value) { return Holds(term, value); });
    return holds != term.negated;
  });
}

}  // namespace lockstep::service
