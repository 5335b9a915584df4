// Tarjan's strongly connected components with an explicit stack, and one shortest cycle in each.
#include <algorithm>

#include "core/graph/digraph.h"

namespace lockstep::graph {
namespace {

constexpr std::uint32_t kNone = 0xffffffff;

class Components {
 public:
  explicit Components(const Digraph& graph)
      : graph_(graph),
        number_(graph.node_count(), kNone),
        low_(graph.node_count()),
        of_(graph.node_count(), kNone) {
    for (std::uint32_t node = 0; node < graph.node_count(); ++node) {
      if (number_[node] == kNone) Visit(node);
    }
  }

  /// Nodes of one component have one number; kNone never remains.
  const std::vector<std::uint32_t>& of() const { return of_; }
  std::uint32_t count() const { return count_; }

 private:
  struct Frame {
    std::uint32_t node;
    std::uint32_t next;  // position in Successors(node)
  };

  void Enter(std::uint32_t node) {
    number_[node] = low_[node] = next_number_++;
    open_.push_back(node);
    frames_.push_back({node, 0});
  }

  void Visit(std::uint32_t root) {
    Enter(root);
    while (!frames_.empty()) {
      Frame& frame = frames_.back();
      const auto successors = graph_.Successors(frame.node);
      if (frame.next < successors.size()) {
        const std::uint32_t to = successors[frame.next++];
        if (number_[to] == kNone) {
          Enter(to);
        } else if (of_[to] == kNone) {  // still open
          low_[frame.node] = std::min(low_[frame.node], number_[to]);
        }
        continue;
      }
      Leave();
    }
  }

  void Leave() {
    const std::uint32_t node = frames_.back().node;
    frames_.pop_back();
    if (!frames_.empty()) {
      std::uint32_t& parent = low_[frames_.back().node];
      parent = std::min(parent, low_[node]);
    }
    if (low_[node] != number_[node]) return;
    std::uint32_t member;
    do {
      member = open_.back();
      open_.pop_back();
      of_[member] = count_;
    } while (member != node);
    ++count_;
  }

  const Digraph& graph_;
  std::vector<std::uint32_t> number_, low_, of_;
  std::vector<std::uint32_t> open_;
  std::vector<Frame> frames_;
  std::uint32_t next_number_ = 0, count_ = 0;
};

// Breadth first from `start` inside its component, until an edge leads back to it.
std::vector<std::uint32_t> ShortestCycle(const Digraph& graph,
                                         const std::vector<std::uint32_t>& component,
                                         std::uint32_t start, std::vector<std::uint32_t>& parent) {
  std::vector<std::uint32_t> queue = {start};
  for (std::size_t head = 0; head < queue.size(); ++head) {
    const std::uint32_t u = queue[head];
    for (std::uint32_t v : graph.Successors(u)) {
      if (v == start) {
        std::vector<std::uint32_t> cycle;
        for (std::uint32_t at = u; at != start; at = parent[at]) cycle.push_back(at);
        cycle.push_back(start);
        std::reverse(cycle.begin(), cycle.end());
        return cycle;
      }
      if (component[v] != component[start] || parent[v] != kNone) continue;
      parent[v] = u;
      queue.push_back(v);
    }
  }
  return {};
}

}  // namespace

std::vector<std::vector<std::uint32_t>> Cycles(const Digraph& graph) {
  const Components components(graph);
  std::vector<bool> done(components.count());
  std::vector<std::uint32_t> parent(graph.node_count(), kNone);
  std::vector<std::vector<std::uint32_t>> cycles;
  // Ascending, so the first node of a component that is met is its smallest.
  for (std::uint32_t node = 0; node < graph.node_count(); ++node) {
    const std::uint32_t component = components.of()[node];
    if (done[component]) continue;
    done[component] = true;
    std::vector<std::uint32_t> cycle = ShortestCycle(graph, components.of(), node, parent);
    if (!cycle.empty()) cycles.push_back(std::move(cycle));
  }
  return cycles;
}

}  // namespace lockstep::graph
