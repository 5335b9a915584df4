#include "core/api/statement_diff.h"

#include <algorithm>
#include <vector>

#include "core/api/movers.h"

namespace lockstep::api {
namespace {

using Texts = std::vector<std::string_view>;

Texts TextsOf(std::string_view sheet, const sql::SplitResult& split) {
  Texts texts;
  texts.reserve(split.statements.size());
  for (const sql::Statement& statement : split.statements)
    texts.push_back(sheet.substr(statement.span.begin, statement.span.end - statement.span.begin));
  return texts;
}

/// Places in [begin, end), by text and then by place.
std::vector<std::uint32_t> ByText(const Texts& texts, std::size_t begin, std::size_t end) {
  std::vector<std::uint32_t> places;
  for (std::size_t i = begin; i < end; ++i) places.push_back(static_cast<std::uint32_t>(i));
  std::sort(places.begin(), places.end(), [&](std::uint32_t x, std::uint32_t y) {
    return texts[x] != texts[y] ? texts[x] < texts[y] : x < y;
  });
  return places;
}

/// The statements of both that stay, in order; `begin` and the ends leave out what both begin and
/// end with.
std::vector<Placed> Kept(const Texts& a, const Texts& b, std::size_t begin, std::size_t end_a,
                         std::size_t end_b) {
  std::vector<Placed> pairs;
  const auto in_a = ByText(a, begin, end_a);
  const auto in_b = ByText(b, begin, end_b);
  for (auto x = in_a.begin(), y = in_b.begin(); x != in_a.end() && y != in_b.end();) {
    const int order = a[*x].compare(b[*y]);
    if (order == 0) pairs.push_back({*x, *y, KeyOf(a[*x])});
    if (order <= 0) ++x;
    if (order >= 0) ++y;
  }
  const std::vector<bool> moves = FindMovers(pairs);
  std::vector<Placed> kept;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (!moves[i]) kept.push_back(pairs[i]);
  }
  std::sort(kept.begin(), kept.end(), [](const Placed& x, const Placed& y) { return x.a < y.a; });
  return kept;
}

/// Behind the last statement where there is none any more.
diagnostics::Span SpanAt(const sql::SplitResult& split, std::size_t place) {
  if (place < split.statements.size()) return split.statements[place].span;
  if (split.statements.empty()) return {};
  const std::uint32_t end = split.statements.back().span.end;
  return {end, end};
}

}  // namespace

StatementDiff DiffStatements(std::string_view a, const sql::SplitResult& split_a,
                             std::string_view b, const sql::SplitResult& split_b) {
  StatementDiff diff;
  diff.counts.same_text = a == b;
  if (diff.counts.same_text) return diff;
  const Texts in_a = TextsOf(a, split_a);
  const Texts in_b = TextsOf(b, split_b);
  std::size_t begin = 0, end_a = in_a.size(), end_b = in_b.size();
  while (begin < end_a && begin < end_b && in_a[begin] == in_b[begin]) ++begin;
  while (end_a > begin && end_b > begin && in_a[end_a - 1] == in_b[end_b - 1]) --end_a, --end_b;
  if (begin < end_a || begin < end_b) {
    diff.first_a = SpanAt(split_a, begin);
    diff.first_b = SpanAt(split_b, begin);
  }
  std::vector<Placed> kept = Kept(in_a, in_b, begin, end_a, end_b);
  kept.push_back({static_cast<std::uint32_t>(end_a), static_cast<std::uint32_t>(end_b), 0});
  std::size_t next_a = begin, next_b = begin;
  for (const Placed& stays : kept) {
    const std::size_t gone = stays.a - next_a, come = stays.b - next_b;
    const std::size_t changed = std::min(gone, come);
    diff.counts.changed += static_cast<std::uint32_t>(changed);
    diff.counts.removed += static_cast<std::uint32_t>(gone - changed);
    diff.counts.added += static_cast<std::uint32_t>(come - changed);
    next_a = stays.a + 1;
    next_b = stays.b + 1;
  }
  return diff;
}

}  // namespace lockstep::api
