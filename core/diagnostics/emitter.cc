#include "core/diagnostics/emitter.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

namespace lockstep::diagnostics {

Diagnostic& Emitter::Report(Rule rule, Place place, std::string message) {
  return ReportAs(rule, Info(rule).severity, place, std::move(message));
}

Diagnostic& Emitter::ReportAs(Rule rule, Severity severity, Place place, std::string message) {
  if (const auto found = overrides_.find(rule); found != overrides_.end()) {
    if (!found->second) {
      scratch_ = {rule, severity, place, {}, {}, {}, {}};
      return scratch_;
    }
    severity = *found->second;
  }
  if (++counts_[static_cast<std::size_t>(severity)] > kMaxFindings) {
    ++dropped_count_;
    scratch_ = {rule, severity, place, {}, {}, {}, {}};
    return scratch_;
  }
  diagnostics_.push_back({rule, severity, place, std::move(message), {}, {}, {}});
  return diagnostics_.back();
}

bool Emitter::Enabled(Rule rule) const {
  const auto found = overrides_.find(rule);
  return found == overrides_.end() || found->second.has_value();
}

std::vector<Diagnostic> Emitter::Take() {
  if (dropped_count_ > 0 && Enabled(Rule::kTooManyFindings)) {
    const Place last = diagnostics_.back().place;
    diagnostics_.push_back(
        {Rule::kTooManyFindings,
         Info(Rule::kTooManyFindings).severity,
         last,
         "there are " + std::to_string(dropped_count_) + " more findings that are not shown",
         {},
         {},
         {}});
  }
  std::vector<Diagnostic> reported = std::exchange(diagnostics_, {});
  const auto key = [&](std::uint32_t i) {
    const Diagnostic& d = reported[i];
    return std::make_tuple(d.place, Info(d.rule).code, std::string_view(d.message));
  };
  std::vector<std::uint32_t> order(reported.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
  order.erase(std::unique(order.begin(), order.end(),
                          [&](std::uint32_t a, std::uint32_t b) { return key(a) == key(b); }),
              order.end());
  std::vector<Diagnostic> sorted;
  sorted.reserve(order.size());
  for (const std::uint32_t i : order) sorted.push_back(std::move(reported[i]));
  return sorted;
}

}  // namespace lockstep::diagnostics
