#include "core/view/layers.h"

#include <algorithm>

#include "core/graph/digraph.h"

namespace lockstep::view {
namespace {

using rollout::GroupIndex;
using rollout::Rollout;
using rollout::StageIndex;

using Ranks = base::IndexVector<GroupIndex, std::uint32_t>;

StageIndex StageOf(const Rollout& rollout, GroupIndex group) {
  return rollout.tasks[FirstTask(rollout, group)].stage;
}

/// The length of the longest chain of dependencies before a group, within its stage.
Ranks RankGroups(const Rollout& rollout) {
  std::vector<graph::Digraph::Edge> edges;
  for (GroupIndex group : rollout.groups.indices()) {
    for (GroupIndex before : rollout.groups[group].depends_on.Of(rollout.dependencies)) {
      edges.push_back({before.value(), group.value()});
    }
  }
  const graph::Digraph order(static_cast<std::uint32_t>(rollout.groups.size()), edges);
  Ranks ranks(rollout.groups.size(), 0);
  for (std::uint32_t node : graph::TopologicalOrder(order)) {
    const GroupIndex group(node);
    for (GroupIndex before : rollout.groups[group].depends_on.Of(rollout.dependencies)) {
      if (StageOf(rollout, before) != StageOf(rollout, group)) continue;
      ranks[group] = std::max(ranks[group], ranks[before] + 1);
    }
  }
  return ranks;
}

/// The mean row of what a group depends on in its stage, in 1/1024 of a row; without any, its turn.
std::uint64_t Desire(const Rollout& rollout, const Layers& layers, GroupIndex group,
                     std::size_t turn) {
  std::uint64_t sum = 0, count = 0;
  for (GroupIndex before : rollout.groups[group].depends_on.Of(rollout.dependencies)) {
    if (StageOf(rollout, before) != StageOf(rollout, group)) continue;
    sum += layers.places[before].row;
    ++count;
  }
  return count == 0 ? turn * 1024 : sum * 1024 / count;
}

/// One rank of one stage: as many columns as it takes.
void PlaceRank(const Rollout& rollout, std::span<const GroupIndex> groups, Layers& layers) {
  std::vector<std::pair<std::uint64_t, GroupIndex>> order;
  for (std::size_t turn = 0; turn < groups.size(); ++turn) {
    order.emplace_back(Desire(rollout, layers, groups[turn], turn), groups[turn]);
  }
  std::sort(order.begin(), order.end());
  for (std::size_t at = 0; at < order.size(); ++at) {
    const auto row = static_cast<std::uint32_t>(at % kMostRows);
    if (at > 0 && row == 0) ++layers.column_count;
    layers.places[order[at].second] = {layers.column_count, row};
    layers.row_count = std::max(layers.row_count, row + 1);
  }
  ++layers.column_count;
}

}  // namespace

rollout::TaskIndex FirstTask(const Rollout& rollout, GroupIndex group) {
  return rollout.groups[group].tasks.Of(rollout.group_tasks).front();
}

Layers AssignLayers(const Rollout& rollout) {
  const Ranks ranks = RankGroups(rollout);
  std::vector<GroupIndex> groups;
  for (GroupIndex group : rollout.groups.indices()) groups.push_back(group);
  const auto key = [&](GroupIndex group) {
    return std::pair(StageOf(rollout, group), ranks[group]);
  };
  std::stable_sort(groups.begin(), groups.end(),
                   [&](GroupIndex a, GroupIndex b) { return key(a) < key(b); });

  Layers layers;
  layers.places.resize(rollout.groups.size());
  layers.columns.resize(rollout.stages.size());
  std::size_t at = 0;
  for (StageIndex stage : rollout.stages.indices()) {
    const std::uint32_t begin = layers.column_count;
    while (at < groups.size() && StageOf(rollout, groups[at]) == stage) {
      std::size_t end = at + 1;
      while (end < groups.size() && key(groups[end]) == key(groups[at])) ++end;
      PlaceRank(rollout, std::span(groups).subspan(at, end - at), layers);
      at = end;
    }
    if (layers.column_count == begin) ++layers.column_count;  // a stage without tasks is seen too
    layers.columns[stage] = {begin, layers.column_count};
  }
  return layers;
}

}  // namespace lockstep::view
