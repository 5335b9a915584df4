// Digraph: a fixed directed graph over 0..n-1 in compressed rows, and the questions rules ask of
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace lockstep::graph {

class Digraph {
 public:
  struct Edge {
    std::uint32_t from, to;
  };
  /// Parallel edges are kept; their order per row is the order given.
  Digraph(std::uint32_t node_count, std::span<const Edge> edges);

  std::uint32_t node_count() const { return static_cast<std::uint32_t>(row_.size() - 1); }
  std::span<const std::uint32_t> Successors(std::uint32_t node) const;

 private:
  std::vector<std::uint32_t> row_;  // node_count + 1 offsets into to_
  std::vector<std::uint32_t> to_;
};

/// Kahn's order with the smallest node first among the free ones; empty when there is a cycle.
std::vector<std::uint32_t> TopologicalOrder(const Digraph& graph);

/// Strongly connected components of more than one node, or with a self edge; each as one shortest
/// cycle through its smallest node, starting there, in edge order. Sorted by that node.
std::vector<std::vector<std::uint32_t>> Cycles(const Digraph& graph);

/// Edges u -> v for which another path u -> … -> v exists, as (u, position in Successors(u)).
/// REQUIRES acyclic. Bounded work: gives up (empty optional) after `budget` node visits.
std::optional<std::vector<std::pair<std::uint32_t, std::uint32_t>>> RedundantEdges(
    const Digraph& graph, std::uint64_t budget);

/// True when `to` can be reached from `from` (also when equal). Iterative; visits each node once.
bool Reaches(const Digraph& graph, std::uint32_t from, std::uint32_t to);

/// The same question asked many times over one graph, with one allowance of node visits for all of
/// them. `graph` must outlive it.
class ReachabilityProbe {
 public:
  ReachabilityProbe(const Digraph& graph, std::uint64_t budget);
  /// Empty once the budget is spent: nobody knows.
  std::optional<bool> Reaches(std::uint32_t from, std::uint32_t to);

 private:
  const Digraph& graph_;
  std::uint64_t budget_;
  std::uint32_t question_ = 0;
  std::vector<std::uint32_t>
      seen_in_;  // number of the question that last visited the node; made on first use
  std::vector<std::uint32_t> pending_;
};

}  // namespace lockstep::graph
