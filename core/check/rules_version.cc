// schemaVersion: changes of one database run from the lowest version up.
#include <algorithm>

#include "core/base/text.h"
#include "core/check/rules.h"
#include "core/check/version_order.h"

namespace lockstep::check {
namespace {

using base::Quote;

class VersionRules {
 public:
  explicit VersionRules(Context& context)
      : context_(context),
        order_(context.options.semantics.version_order),
        steps_are_stages_(!plan::StagesAreEnvironments(context.plan, context.options.semantics)),
        duplicate_told_(context.plan.specs.size()),
        order_told_(context.plan.specs.size()) {}

  void CheckDatabase(DatabaseIndex database) {
    CollectVersioned(database);
    SpecIndex last_lower, last_equal;  // that stand last in the plan
    for (std::size_t i = 0; i < versioned_.size(); ++i) {
      const SpecIndex spec = versioned_[i];
      if (i > 0 && !SameRank(versioned_[i - 1], spec)) {
        if (!last_lower.valid() || last_lower < last_equal) last_lower = last_equal;
        last_equal = {};
      }
      if (!last_equal.valid() || last_equal < spec) last_equal = spec;
      if (last_lower.valid()) CheckPair(database, last_lower, spec);
      if (i == 0) continue;
      if (VersionOf(versioned_[i - 1]) == VersionOf(spec)) {
        CheckDuplicate(database, versioned_[i - 1], spec);
      } else {
        CheckText(versioned_[i - 1], spec);
      }
    }
    CollectEdges();
  }

  /// Dependencies and versions together can go round in a circle that neither makes alone.
  void CheckCircles() {
    if (edges_.empty() || context_.dependencies.empty() || !context_.dependencies_are_acyclic)
      return;
    const auto count = static_cast<std::uint32_t>(context_.plan.specs.size());
    for (std::uint32_t u = 0; u < count; ++u) {
      for (const std::uint32_t v : context_.dependency_graph.Successors(u))
        edges_.push_back({u, v});
    }
    for (const auto& cycle : graph::Cycles(graph::Digraph(count, edges_))) TellCircle(cycle);
  }

 private:
  const diagnostics::SpannedText& Written(SpecIndex spec) const {
    return context_.plan.specs[spec].config.schema_version;
  }
  std::string_view VersionOf(SpecIndex spec) const { return Written(spec).value; }
  bool SameRank(SpecIndex a, SpecIndex b) const {
    return CompareVersions(order_, VersionOf(a), VersionOf(b)) == 0;
  }

  void CollectVersioned(DatabaseIndex database) {
    versioned_.clear();
    for (const SpecIndex spec : context_.SpecsOn(database)) {
      if (!VersionOf(spec).empty()) versioned_.push_back(spec);
    }
    std::sort(versioned_.begin(), versioned_.end(), [&](SpecIndex a, SpecIndex b) {
      const int order = CompareVersions(order_, VersionOf(a), VersionOf(b));
      if (order != 0) return order < 0;
      const int text = VersionOf(a).compare(VersionOf(b));
      return text != 0 ? text < 0 : a < b;
    });
  }

  void CheckDuplicate(DatabaseIndex database, SpecIndex first, SpecIndex second) {
    if (duplicate_told_[second.value()]) return;
    duplicate_told_[second.value()] = true;
    context_
        .Report(Rule::kDuplicateVersion, Written(second).span,
                context_.NameOf(first) + " brings version " + Quote(VersionOf(first)) + " to " +
                    Quote(context_.inventory.databases[database].name.value) +
                    " already, so this one would be DONE without running")
        .related.push_back(context_.RelatedAt(Written(first).span, "the same version"));
  }

  void CheckPair(DatabaseIndex database, SpecIndex lower, SpecIndex higher) {
    if (lower < higher || order_told_[higher.value()]) return;
    const plan::Plan& plan = context_.plan;
    const bool deadlock = steps_are_stages_ && plan.specs[higher].step < plan.specs[lower].step;
    if (!deadlock && context_.WaitsFor(lower, higher)) return;  // CheckCircles tells it
    order_told_[higher.value()] = true;
    const std::string on = " on " + Quote(context_.inventory.databases[database].name.value);
    Diagnostic& found =
        deadlock ? context_.Refuse(Rule::kVersionDeadlock, Written(higher).span,
                                   "version " + Quote(VersionOf(higher)) + " waits for version " +
                                       Quote(VersionOf(lower)) + on +
                                       ", which is in a later step, so neither could ever start")
                 : context_.Report(
                       Rule::kVersionOrder, Written(higher).span,
                       "version " + Quote(VersionOf(higher)) + " stands before version " +
                           Quote(VersionOf(lower)) + on +
                           " and runs after it; put the specs in the order of their versions");
    found.related.push_back(context_.RelatedAt(Written(lower).span, "the lower version"));
  }

  // Once: writing all versions alike repairs all of them.
  void CheckText(SpecIndex lower, SpecIndex higher) {
    const int numeric =
        CompareVersions(plan::VersionOrder::kNumericParts, VersionOf(lower), VersionOf(higher));
    const int text =
        CompareVersions(plan::VersionOrder::kText, VersionOf(lower), VersionOf(higher));
    if (text_told_ || numeric == 0 || (numeric < 0) == (text < 0)) return;
    text_told_ = true;
    const SpecIndex later = std::max(lower, higher), earlier = std::min(lower, higher);
    context_
        .Report(
            Rule::kVersionTextOrder, Written(later).span,
            Quote(VersionOf(later)) + " and " + Quote(VersionOf(earlier)) +
                " compare differently as numbers and as text, which Bytebase uses; write versions "
                "with the same number of digits")
        .related.push_back(context_.RelatedAt(Written(earlier).span, "the other version"));
  }

  /// Higher waits for lower. Equal versions hang together by their first one, which keeps this
  /// linear.
  void CollectEdges() {
    std::size_t group = 0, before = 0;
    for (std::size_t i = 1; i < versioned_.size(); ++i) {
      if (!SameRank(versioned_[i - 1], versioned_[i])) {
        before = group;
        group = i;
        for (std::size_t j = before; j < group; ++j) AddEdge(versioned_[group], versioned_[j]);
      } else if (group > 0) {
        AddEdge(versioned_[i], versioned_[before]);
      }
    }
  }

  void AddEdge(SpecIndex from, SpecIndex to) {
    // Against the steps: told already, and the steps' own order is not among the edges.
    if (steps_are_stages_ && context_.plan.specs[from].step != context_.plan.specs[to].step) return;
    edges_.push_back({from.value(), to.value()});
  }

  void TellCircle(const std::vector<std::uint32_t>& cycle) {
    const auto by_dependency = [&](SpecIndex from, SpecIndex to) -> const Span* {
      const base::Slice slice = context_.specs[from].depends_on;
      for (std::uint32_t edge = slice.begin; edge < slice.end; ++edge) {
        if (context_.dependencies[edge] == to) {
          return &context_.plan.dependencies[context_.dependency_at[edge]].span;
        }
      }
      return nullptr;
    };
    const SpecIndex first(cycle[0]);
    Diagnostic& found = context_.Refuse(
        Rule::kVersionDeadlock,
        VersionOf(first).empty() ? context_.SpanOf(first) : Written(first).span,
        base::Plural(cycle.size(), "spec") +
            " wait for each other, by their versions and by dependsOnSpecs, and could never start");
    for (std::size_t i = 0; i < cycle.size(); ++i) {
      const SpecIndex from(cycle[i]), to(cycle[(i + 1) % cycle.size()]);
      const Span* entry = by_dependency(from, to);
      found.related.push_back(
          entry ? context_.RelatedAt(*entry,
                                     context_.NameOf(from) + " depends on " + context_.NameOf(to))
                : context_.RelatedAt(Written(from).span, "version " + Quote(VersionOf(from)) +
                                                             " waits for version " +
                                                             Quote(VersionOf(to))));
    }
  }

  Context& context_;
  const plan::VersionOrder order_;
  const bool steps_are_stages_;
  std::vector<SpecIndex> versioned_;  // of the database at hand, lowest version first
  std::vector<graph::Digraph::Edge> edges_;
  std::vector<bool> duplicate_told_, order_told_;  // per spec
  bool text_told_ = false;
};

}  // namespace

void CheckVersions(Context& context) {
  if (!context.has_versions) return;
  VersionRules rules(context);
  for (const DatabaseIndex database : context.inventory.databases.indices()) {
    if (context.SpecsOn(database).size() > 1) rules.CheckDatabase(database);
  }
  rules.CheckCircles();
}

}  // namespace lockstep::check
