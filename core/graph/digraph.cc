#include "core/graph/digraph.h"

#include <functional>
#include <queue>

#include "core/base/check.h"

namespace lockstep::graph {

Digraph::Digraph(std::uint32_t node_count, std::span<const Edge> edges)
    : row_(std::size_t{node_count} + 1), to_(edges.size()) {
  for (const Edge& edge : edges) {
    LOCKSTEP_CHECK(edge.from < node_count && edge.to < node_count, "edge outside the graph");
    ++row_[edge.from + 1];
  }
  for (std::size_t i = 1; i < row_.size(); ++i) row_[i] += row_[i - 1];
  std::vector<std::uint32_t> next(row_.begin(), row_.end() - 1);
  for (const Edge& edge : edges) to_[next[edge.from]++] = edge.to;
}

std::span<const std::uint32_t> Digraph::Successors(std::uint32_t node) const {
  return std::span(to_).subspan(row_[node], row_[node + 1] - row_[node]);
}

std::vector<std::uint32_t> TopologicalOrder(const Digraph& graph) {
  const std::uint32_t count = graph.node_count();
  std::vector<std::uint32_t> incoming(count);
  for (std::uint32_t u = 0; u < count; ++u) {
    for (std::uint32_t v : graph.Successors(u)) ++incoming[v];
  }
  std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, std::greater<>> free;
  for (std::uint32_t u = 0; u < count; ++u) {
    if (incoming[u] == 0) free.push(u);
  }
  std::vector<std::uint32_t> order;
  order.reserve(count);
  while (!free.empty()) {
    const std::uint32_t u = free.top();
    free.pop();
    order.push_back(u);
    for (std::uint32_t v : graph.Successors(u)) {
      if (--incoming[v] == 0) free.push(v);
    }
  }
  if (order.size() != count) order.clear();
  return order;
}

bool Reaches(const Digraph& graph, std::uint32_t from, std::uint32_t to) {
  return *ReachabilityProbe(graph, ~std::uint64_t{0}).Reaches(from, to);
}

ReachabilityProbe::ReachabilityProbe(const Digraph& graph, std::uint64_t budget)
    : graph_(graph), budget_(budget) {}

std::optional<bool> ReachabilityProbe::Reaches(std::uint32_t from, std::uint32_t to) {
  if (from == to) return true;
  if (seen_in_.empty()) seen_in_.resize(graph_.node_count());
  ++question_;
  pending_.assign(1, from);
  seen_in_[from] = question_;
  while (!pending_.empty()) {
    const std::uint32_t u = pending_.back();
    pending_.pop_back();
    for (std::uint32_t v : graph_.Successors(u)) {
      if (v == to) return true;
      if (budget_ == 0) return std::nullopt;
      --budget_;
      if (seen_in_[v] == question_) continue;
      seen_in_[v] = question_;
      pending_.push_back(v);
    }
  }
  return false;
}

}  // namespace lockstep::graph
