#include <algorithm>

#include "core/base/text.h"
#include "core/check/rules.h"

namespace lockstep::check {
namespace {

using base::Quote;

constexpr std::uint64_t kRedundancyBudget = 4'000'000;  // node visits
constexpr int kMostRounds = 50;                         // circles that hang together

/// Offers to take the entry at `position` of the pool out of its array.
void OfferRemoval(const Context& context, const plan::Spec& spec, std::uint32_t position,
                  Diagnostic& found) {
  const auto entry = [&](std::uint32_t at) { return context.plan.dependencies[at].span; };
  std::optional<diagnostics::Edit> removal;
  if (spec.depends_on.size() == 1) {
    removal = diagnostics::Edit{context.PlaceOf(spec.depends_on_span), "[]"};
  } else if (position > spec.depends_on.begin) {
    removal = context.RemovalAfter(entry(position - 1), entry(position));
  } else if (context.RemovalAfter(entry(position), entry(position + 1))) {
    removal =
        diagnostics::Edit{context.PlaceOf({entry(position).begin, entry(position + 1).begin}), ""};
  }
  if (!removal) return;
  found.fixes.push_back(
      {"remove " + Quote(context.plan.dependencies[position].value) + " from dependsOnSpecs",
       {std::move(*removal)}});
}

void CheckUnknown(Context& context, SpecIndex spec, const diagnostics::SpannedText& id) {
  // An id of the same step is what was meant most often, and there are fewer of them.
  const plan::Plan& plan = context.plan;
  const auto& step = plan.steps[plan.specs[spec].step].specs;
  std::string suggestion =
      context.Suggest(id.value, step, [&](SpecIndex other) { return plan.specs[other].id.value; });
  if (suggestion.empty()) {
    suggestion =
        context.Suggest(id.value, context.spec_ids.texts(), [](auto text) { return text; });
  }
  context.Refuse(Rule::kUnknownDependency, id.span,
                 "no spec has the id " + Quote(id.value) + suggestion);
}

void CheckAcrossSteps(Context& context, SpecIndex spec, SpecIndex on, std::uint32_t position) {
  const plan::Plan& plan = context.plan;
  const plan::StepIndex here = plan.specs[spec].step, there = plan.specs[on].step;
  const bool earlier = there < here;
  const std::string step = "step " + std::to_string(there.value() + 1);
  // Without an entry that points back nothing is lost: the steps keep that order.
  if (!earlier) context.expandable = false;
  Diagnostic& found = context.Report(
      Rule::kDependencyAcrossSteps, plan.dependencies[position].span,
      context.NameOf(on) + " is in " + step +
          (earlier ? ", which ends before this step starts; the entry is not needed"
                   : ", which starts after this step has ended; move one of the two specs"));
  found.related.push_back(context.RelatedAt(context.SpanOf(on), "the spec it waits for"));
  if (earlier) OfferRemoval(context, plan.specs[spec], position, found);
}

void CheckEntry(Context& context, SpecIndex spec, std::uint32_t position) {
  const plan::Plan& plan = context.plan;
  const diagnostics::SpannedText& id = plan.dependencies[position];
  const SpecIndex on = context.dependency_of[position];
  if (id.value.empty()) {
    context.Refuse(
        Rule::kEmptyDependency, id.span,
        "this id is empty, and no spec has the empty id; write the id of the spec to wait "
        "for");
  } else if (!on.valid()) {
    CheckUnknown(context, spec, id);
  } else if (on == spec) {
    Diagnostic& found =
        context.Refuse(Rule::kSelfDependency, id.span,
                       context.NameOf(spec) + " depends on itself, so it could never start");
    OfferRemoval(context, plan.specs[spec], position, found);
  } else if (plan.specs[on].step != plan.specs[spec].step) {
    CheckAcrossSteps(context, spec, on, position);
  }
}

/// `seen_in` is, per spec id, the spec whose list named it last; `first` where.
struct Repetitions {
  std::vector<SpecIndex> seen_in;
  std::vector<std::uint32_t> first;
};

void CheckRepetitions(Context& context, SpecIndex spec, Repetitions& repetitions) {
  const plan::Spec& written = context.plan.specs[spec];
  for (std::uint32_t at = written.depends_on.begin; at < written.depends_on.end; ++at) {
    const SpecIndex on = context.dependency_of[at];
    if (!on.valid() || on == spec) continue;
    if (repetitions.seen_in[on.value()] != spec) {
      repetitions.seen_in[on.value()] = spec;
      repetitions.first[on.value()] = at;
      continue;
    }
    const diagnostics::SpannedText& id = context.plan.dependencies[at];
    Diagnostic& found = context.Report(Rule::kDuplicateDependency, id.span,
                                       Quote(id.value) + " stands in this list already");
    const Span first = context.plan.dependencies[repetitions.first[on.value()]].span;
    found.related.push_back(context.RelatedAt(first, "the first time"));
    OfferRemoval(context, written, at, found);
  }
}

/// The pool position of the entry that makes this edge.
std::uint32_t PositionOf(const Context& context, SpecIndex spec, SpecIndex on) {
  std::uint32_t edge = context.specs[spec].depends_on.begin;
  while (context.dependencies[edge] != on) ++edge;
  return context.dependency_at[edge];
}

void CheckCycle(Context& context, const std::vector<std::uint32_t>& cycle) {
  constexpr std::size_t kShown = 5;  // ids in the message; every edge is a related place
  std::string path;
  for (std::size_t i = 0; i < cycle.size() && i < kShown; ++i) {
    path += Quote(context.plan.specs[SpecIndex(cycle[i])].id.value) + " -> ";
  }
  if (cycle.size() > kShown) path += "… -> ";
  path += Quote(context.plan.specs[SpecIndex(cycle[0])].id.value);
  const auto edge_span = [&](std::size_t i) {
    const SpecIndex from(cycle[i]), to(cycle[(i + 1) % cycle.size()]);
    return context.plan.dependencies[PositionOf(context, from, to)].span;
  };
  Diagnostic& found =
      context.Refuse(Rule::kDependencyCycle, edge_span(0),
                     base::Plural(cycle.size(), "spec") +
                         " wait for each other in a circle and could never start: " + path);
  for (std::size_t i = 0; i < cycle.size(); ++i) {
    const SpecIndex from(cycle[i]), to(cycle[(i + 1) % cycle.size()]);
    found.related.push_back(
        context.RelatedAt(edge_span(i), context.NameOf(from) + " waits for " + context.NameOf(to)));
  }
}

/// The dependencies, and what is left of them once every circle is opened at one edge.
class OpenedGraph {
 public:
  explicit OpenedGraph(const Context& context) : context_(context), graph_(0, {}) {
    for (std::uint32_t edge = 0; edge < context.dependencies.size(); ++edge) kept_.push_back(edge);
    Rebuild();
  }
  const graph::Digraph& graph() const { return graph_; }

  /// A cycle begins at its smallest spec, so its first edge is one that points forward.
  void Open(const std::vector<std::vector<std::uint32_t>>& cycles) {
    std::vector<std::uint32_t> opened;
    for (const auto& cycle : cycles) {
      const auto successors = graph_.Successors(cycle[0]);
      const auto at = std::find(successors.begin(), successors.end(), cycle[1 % cycle.size()]);
      opened.push_back(EdgeAt(cycle[0], static_cast<std::uint32_t>(at - successors.begin())));
    }
    std::sort(opened.begin(), opened.end());
    std::erase_if(kept_, [&](std::uint32_t edge) {
      return std::binary_search(opened.begin(), opened.end(), edge);
    });
    Rebuild();
  }

  /// Context::dependencies' position of graph().Successors(from)[successor].
  std::uint32_t EdgeAt(std::uint32_t from, std::uint32_t successor) const {
    return kept_[row_[from] + successor];
  }

 private:
  void Rebuild() {
    std::vector<graph::Digraph::Edge> edges;
    edges.reserve(kept_.size());
    row_.clear();
    std::size_t at = 0;
    for (const SpecIndex spec : context_.plan.specs.indices()) {
      row_.push_back(static_cast<std::uint32_t>(at));
      for (; at < kept_.size() && kept_[at] < context_.specs[spec].depends_on.end; ++at) {
        edges.push_back({spec.value(), context_.dependencies[kept_[at]].value()});
      }
    }
    graph_ = graph::Digraph(static_cast<std::uint32_t>(row_.size()), edges);
  }

  const Context& context_;
  std::vector<std::uint32_t> kept_;  // edges, in the order of Context::dependencies
  std::vector<std::uint32_t> row_;   // per spec: where its edges start in kept_
  graph::Digraph graph_;
};

void CheckForward(Context& context, const OpenedGraph& opened) {
  for (const SpecIndex spec : context.plan.specs.indices()) {
    const auto successors = opened.graph().Successors(spec.value());
    for (std::uint32_t i = 0; i < successors.size(); ++i) {
      const SpecIndex on(successors[i]);
      if (on < spec) continue;
      const std::uint32_t edge = opened.EdgeAt(spec.value(), i);
      context
          .Report(Rule::kForwardDependency,
                  context.plan.dependencies[context.dependency_at[edge]].span,
                  context.NameOf(on) + " stands later in this step and runs first")
          .related.push_back(context.RelatedAt(context.SpanOf(on), "the spec that runs first"));
    }
  }
}

void CheckRedundant(Context& context, const OpenedGraph& opened) {
  const auto edges = graph::RedundantEdges(opened.graph(), kRedundancyBudget);
  if (!edges) return;
  for (const auto& [from, successor] : *edges) {
    const SpecIndex spec(from), on(opened.graph().Successors(from)[successor]);
    const std::uint32_t position = context.dependency_at[opened.EdgeAt(from, successor)];
    Diagnostic& found =
        context.Report(Rule::kRedundantDependency, context.plan.dependencies[position].span,
                       context.NameOf(spec) + " waits for " + context.NameOf(on) +
                           " already through its other dependencies");
    OfferRemoval(context, context.plan.specs[spec], position, found);
  }
}

}  // namespace

void CheckSpecDependencies(Context& context, SpecIndex spec) {
  const base::Slice list = context.plan.specs[spec].depends_on;
  for (std::uint32_t at = list.begin; at < list.end; ++at) CheckEntry(context, spec, at);
}

void CheckDependencies(Context& context) {
  if (context.plan.dependencies.empty()) return;
  const std::size_t count = context.plan.specs.size();
  Repetitions repetitions{std::vector<SpecIndex>(count), std::vector<std::uint32_t>(count)};
  for (const SpecIndex spec : context.plan.specs.indices()) {
    if (context.plan.specs[spec].depends_on.size() > 1)
      CheckRepetitions(context, spec, repetitions);
  }
  // A circle of each knot, then of what is left of it once that one is opened, and so on.
  OpenedGraph opened(context);
  auto cycles = graph::Cycles(opened.graph());
  for (int round = 0; !cycles.empty() && round < kMostRounds; ++round) {
    for (const auto& cycle : cycles) CheckCycle(context, cycle);
    opened.Open(cycles);
    cycles = graph::Cycles(opened.graph());
  }
  context.dependencies_are_acyclic = cycles.empty();
  if (!cycles.empty()) return;
  context.dependency_graph = opened.graph();
  CheckForward(context, opened);
  CheckRedundant(context, opened);
}

}  // namespace lockstep::check
