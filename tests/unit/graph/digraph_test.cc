#include "core/graph/digraph.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "core/base/prng.h"

namespace lockstep::graph {
namespace {

using Edges = std::vector<Digraph::Edge>;
using Nodes = std::vector<std::uint32_t>;
using Found = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

TEST(Digraph, KeepsParallelEdgesInTheOrderGiven) {
  const Digraph graph(3, Edges{{2, 1}, {0, 2}, {0, 1}, {0, 2}});
  EXPECT_EQ(Nodes(graph.Successors(0).begin(), graph.Successors(0).end()), (Nodes{2, 1, 2}));
  EXPECT_TRUE(graph.Successors(1).empty());
  EXPECT_EQ(graph.node_count(), 3u);
}

TEST(Digraph, MayBeEmpty) {
  const Digraph graph(0, {});
  EXPECT_EQ(graph.node_count(), 0u);
  EXPECT_TRUE(TopologicalOrder(graph).empty());
  EXPECT_TRUE(Cycles(graph).empty());
  EXPECT_TRUE(RedundantEdges(graph, 0)->empty());
}

TEST(TopologicalOrder, TakesTheSmallestFreeNodeFirst) {
  EXPECT_EQ(TopologicalOrder(Digraph(4, Edges{{3, 0}, {2, 1}})), (Nodes{2, 1, 3, 0}));
  EXPECT_TRUE(TopologicalOrder(Digraph(2, Edges{{0, 1}, {1, 0}})).empty());
}

TEST(Cycles, StartAtTheSmallestNodeAndAreShortest) {
  // 1 -> 2 -> 3 -> 1, with a detour 3 -> 4 -> 1; 5 -> 5; 0 outside.
  const Digraph graph(6, Edges{{0, 1}, {3, 4}, {4, 1}, {1, 2}, {2, 3}, {3, 1}, {5, 5}});
  EXPECT_EQ(Cycles(graph), (std::vector<Nodes>{{1, 2, 3}, {5}}));
}

TEST(Cycles, OneForEachComponent) {
  const Digraph graph(5, Edges{{3, 1}, {1, 3}, {0, 4}, {4, 2}, {2, 0}, {1, 0}});
  EXPECT_EQ(Cycles(graph), (std::vector<Nodes>{{0, 4, 2}, {1, 3}}));
}

TEST(Cycles, LongOnesNeedNoStack) {
  constexpr std::uint32_t kCount = 1'000'000;
  Edges edges;
  for (std::uint32_t i = 0; i < kCount; ++i) edges.push_back({i, (i + 1) % kCount});
  const auto cycles = Cycles(Digraph(kCount, edges));
  ASSERT_EQ(cycles.size(), 1u);
  EXPECT_EQ(cycles[0].size(), kCount);
  edges.pop_back();
  EXPECT_TRUE(Cycles(Digraph(kCount, edges)).empty());
}

TEST(RedundantEdges, FindsShortCutsWithTheirPositions) {
  // 0 -> 2 is implied by 0 -> 1 -> 2; 0 -> 3 by both.
  const Digraph graph(4, Edges{{0, 3}, {0, 1}, {0, 2}, {1, 2}, {2, 3}});
  EXPECT_EQ(*RedundantEdges(graph, 1000), (Found{{0, 0}, {0, 2}}));
}

TEST(RedundantEdges, ParallelEdgesDoNotMakeEachOtherRedundant) {
  EXPECT_TRUE(RedundantEdges(Digraph(2, Edges{{0, 1}, {0, 1}}), 1000)->empty());
  const Digraph graph(3, Edges{{0, 2}, {0, 1}, {0, 2}, {1, 2}});
  EXPECT_EQ(*RedundantEdges(graph, 1000), (Found{{0, 0}, {0, 2}}));
}

TEST(RedundantEdges, GivesUpWithinItsBudget) {
  Edges edges;
  constexpr std::uint32_t kCount = 2000;  // complete: 2 million edges
  for (std::uint32_t u = 0; u < kCount; ++u) {
    for (std::uint32_t v = u + 1; v < kCount; ++v) edges.push_back({u, v});
  }
  const Digraph graph(kCount, edges);
  EXPECT_FALSE(RedundantEdges(graph, 100'000).has_value());
}

TEST(RedundantEdges, AgreeWithTheDefinitionOnRandomGraphs) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    base::Prng prng(seed);
    const auto count = static_cast<std::uint32_t>(2 + prng.Below(9));
    Edges edges;
    for (std::uint32_t u = 0; u < count; ++u) {
      for (std::uint32_t v = 0; v < count; ++v) {
        if (u > v && prng.Chance(1, 2)) edges.push_back({u, v});
      }
    }
    const Digraph graph(count, edges);
    Found expected;
    for (std::uint32_t u = 0; u < count; ++u) {
      const auto successors = graph.Successors(u);
      for (std::uint32_t i = 0; i < successors.size(); ++i) {
        const bool longer = std::any_of(successors.begin(), successors.end(), [&](std::uint32_t w) {
          return w != successors[i] && Reaches(graph, w, successors[i]);
        });
        if (longer) expected.emplace_back(u, i);
      }
    }
    EXPECT_EQ(*RedundantEdges(graph, 1'000'000), expected) << "seed " << seed;
  }
}

TEST(Cycles, AgreeWithReachabilityOnRandomGraphs) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    base::Prng prng(seed);
    const auto count = static_cast<std::uint32_t>(1 + prng.Below(8));
    Edges edges;
    for (std::uint32_t i = 0; i < count + prng.Below(count + 1); ++i) {
      edges.push_back({static_cast<std::uint32_t>(prng.Below(count)),
                       static_cast<std::uint32_t>(prng.Below(count))});
    }
    const Digraph graph(count, edges);
    const auto on_cycle = [&](std::uint32_t u) {
      const auto successors = graph.Successors(u);
      return std::any_of(successors.begin(), successors.end(),
                         [&](std::uint32_t v) { return Reaches(graph, v, u); });
    };
    std::set<std::uint32_t> starts;
    for (const Nodes& cycle : Cycles(graph)) {
      starts.insert(cycle[0]);
      for (std::size_t i = 0; i < cycle.size(); ++i) {
        const auto successors = graph.Successors(cycle[i]);
        const std::uint32_t next = cycle[(i + 1) % cycle.size()];
        EXPECT_NE(std::find(successors.begin(), successors.end(), next), successors.end());
      }
    }
    for (std::uint32_t u = 0; u < count; ++u) {
      bool smallest = on_cycle(u);
      for (std::uint32_t v = 0; v < u && smallest; ++v) {
        smallest = !(Reaches(graph, u, v) && Reaches(graph, v, u));
      }
      EXPECT_EQ(starts.count(u) == 1, smallest) << "seed " << seed << " node " << u;
    }
    EXPECT_EQ(TopologicalOrder(graph).empty(), !starts.empty()) << "seed " << seed;
  }
}

TEST(ReachabilityProbe, SharesOneBudget) {
  const Digraph graph(4, Edges{{0, 1}, {1, 2}, {2, 3}});
  ReachabilityProbe probe(graph, 3);
  EXPECT_EQ(probe.Reaches(0, 0), true);
  EXPECT_EQ(probe.Reaches(0, 2), true);   // visits 1
  EXPECT_EQ(probe.Reaches(2, 1), false);  // visits 3
  EXPECT_EQ(probe.Reaches(0, 3), std::nullopt);
}

}  // namespace
}  // namespace lockstep::graph
