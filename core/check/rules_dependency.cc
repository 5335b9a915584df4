#include "core/base/text.h"
#include "core/check/rules.h"

namespace lockstep::check {
namespace {

using base::Quote;

constexpr std::uint64_t kRedundancyBudget = 4'000'000;  // node visits

/// Takes the entry at `position` of the pool out of its array, with the comma that belongs to it.
diagnostics::Fix RemoveEntry(const Context& context, const plan::Spec& spec,
                             std::uint32_t position) {
  const auto entry = [&](std::uint32_t at) { return context.plan.dependencies[at].span; };
  diagnostics::Edit edit{context.PlaceOf(spec.depends_on_span), "[]"};
  if (spec.depends_on.size() > 1) {
    const bool first = position == spec.depends_on.begin;
    const Span span = first ? Span{entry(position).begin, entry(position + 1).begin}
                            : Span{entry(position - 1).end, entry(position).end};
    edit = {context.PlaceOf(span), ""};
  }
  return {"remove " + Quote(context.plan.dependencies[position].value) + " from dependsOnSpecs",
          {std::move(edit)}};
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
  context.Report(Rule::kUnknownDependency, id.span,
                 "no spec has the id " + Quote(id.value) + suggestion);
}

void CheckAcrossSteps(Context& context, SpecIndex spec, SpecIndex on, std::uint32_t position) {
  const plan::Plan& plan = context.plan;
  const plan::StepIndex here = plan.specs[spec].step, there = plan.specs[on].step;
  const bool earlier = there < here;
  const std::string step = "step " + std::to_string(there.value() + 1);
  Diagnostic& found = context.Report(
      Rule::kDependencyAcrossSteps, plan.dependencies[position].span,
      context.NameOf(on) + " is in " + step +
          (earlier ? ", which ends before this step starts; the entry is not needed"
                   : ", which starts after this step has ended; move one of the two specs"));
  found.related.push_back(context.RelatedAt(context.SpanOf(on), "the spec it waits for"));
  if (earlier) found.fixes.push_back(RemoveEntry(context, plan.specs[spec], position));
}

void CheckEntry(Context& context, SpecIndex spec, std::uint32_t position) {
  const plan::Plan& plan = context.plan;
  const diagnostics::SpannedText& id = plan.dependencies[position];
  const SpecIndex on = context.dependency_of[position];
  if (id.value.empty()) {
    context.Report(
        Rule::kEmptyDependency, id.span,
        "this id is empty, and no spec has the empty id; write the id of the spec to wait "
        "for");
  } else if (!on.valid()) {
    CheckUnknown(context, spec, id);
  } else if (on == spec) {
    context
        .Report(Rule::kSelfDependency, id.span,
                context.NameOf(spec) + " depends on itself, so it could never start")
        .fixes.push_back(RemoveEntry(context, plan.specs[spec], position));
  } else if (plan.specs[on].step != plan.specs[spec].step) {
    CheckAcrossSteps(context, spec, on, position);
  }
}

/// Only without circles, in which nothing runs first.
void CheckForward(Context& context) {
  for (const SpecIndex spec : context.plan.specs.indices()) {
    const base::Slice edges = context.specs[spec].depends_on;
    for (std::uint32_t edge = edges.begin; edge < edges.end; ++edge) {
      const SpecIndex on = context.dependencies[edge];
      if (on < spec) continue;
      context
          .Report(Rule::kForwardDependency,
                  context.plan.dependencies[context.dependency_at[edge]].span,
                  context.NameOf(on) + " stands later in this step and runs first")
          .related.push_back(context.RelatedAt(context.SpanOf(on), "the spec that runs first"));
    }
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
    found.fixes.push_back(RemoveEntry(context, written, at));
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

void CheckRedundant(Context& context) {
  const auto edges = graph::RedundantEdges(context.dependency_graph, kRedundancyBudget);
  if (!edges) return;
  for (const auto& [from, edge] : *edges) {
    const SpecIndex spec(from), on(context.dependency_graph.Successors(from)[edge]);
    const std::uint32_t position =
        context.dependency_at[context.specs[spec].depends_on.begin + edge];
    context
        .Report(Rule::kRedundantDependency, context.plan.dependencies[position].span,
                context.NameOf(spec) + " waits for " + context.NameOf(on) +
                    " already through its other dependencies")
        .fixes.push_back(RemoveEntry(context, context.plan.specs[spec], position));
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
  const auto cycles = graph::Cycles(context.dependency_graph);
  for (const auto& cycle : cycles) CheckCycle(context, cycle);
  context.dependencies_are_acyclic = cycles.empty();
  if (!cycles.empty()) return;
  CheckForward(context);
  CheckRedundant(context);
}

}  // namespace lockstep::check
