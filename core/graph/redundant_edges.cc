#include <algorithm>

#include "core/graph/digraph.h"

namespace lockstep::graph {
namespace {

// For each node, its successors in topological order: a later one that an earlier one reaches is
// reached by a longer path. Nothing behind the last successor in that order can matter.
class RedundancySearch {
 public:
  RedundancySearch(const Digraph& graph, std::uint64_t budget)
      : graph_(graph),
        budget_(budget),
        position_(graph.node_count()),
        seen_from_(graph.node_count(), 0xffffffff) {
    const std::vector<std::uint32_t> order = TopologicalOrder(graph);
    for (std::uint32_t i = 0; i < order.size(); ++i) position_[order[i]] = i;
  }

  /// False when the budget is spent.
  bool Node(std::uint32_t node, std::vector<std::pair<std::uint32_t, std::uint32_t>>& found) {
    const auto successors = graph_.Successors(node);
    edges_.resize(successors.size());
    for (std::uint32_t i = 0; i < edges_.size(); ++i) edges_[i] = i;
    std::stable_sort(edges_.begin(), edges_.end(), [&](std::uint32_t a, std::uint32_t b) {
      return position_[successors[a]] < position_[successors[b]];
    });
    const std::uint32_t last = position_[successors[edges_.back()]];
    const std::size_t first_found = found.size();
    for (std::size_t i = 0; i < edges_.size(); ++i) {
      const std::uint32_t to = successors[edges_[i]];
      if (i > 0 && to == successors[edges_[i - 1]]) continue;
      if (seen_from_[to] == node) {
        for (std::size_t j = i; j < edges_.size() && successors[edges_[j]] == to; ++j) {
          found.emplace_back(node, edges_[j]);
        }
      } else if (!Spread(to, node, last)) {
        return false;
      }
    }
    std::sort(found.begin() + static_cast<std::ptrdiff_t>(first_found), found.end());
    return true;
  }

 private:
  // Marks what `from` reaches, itself left out, up to position `last`.
  bool Spread(std::uint32_t from, std::uint32_t root, std::uint32_t last) {
    pending_.assign(1, from);
    while (!pending_.empty()) {
      const std::uint32_t u = pending_.back();
      pending_.pop_back();
      for (std::uint32_t v : graph_.Successors(u)) {
        if (budget_ == 0) return false;
        --budget_;
        if (seen_from_[v] == root || position_[v] > last) continue;
        seen_from_[v] = root;
        pending_.push_back(v);
      }
    }
    return true;
  }

  const Digraph& graph_;
  std::uint64_t budget_;
  std::vector<std::uint32_t> position_, seen_from_, edges_, pending_;
};

}  // namespace

std::optional<std::vector<std::pair<std::uint32_t, std::uint32_t>>> RedundantEdges(
    const Digraph& graph, std::uint64_t budget) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> found;
  std::optional<RedundancySearch> search;  // most plans have no node with two successors
  for (std::uint32_t node = 0; node < graph.node_count(); ++node) {
    if (graph.Successors(node).size() < 2) continue;
    if (!search) search.emplace(graph, budget);
    if (!search->Node(node, found)) return std::nullopt;
  }
  return found;
}

}  // namespace lockstep::graph
