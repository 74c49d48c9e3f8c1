#include "apps/gpt-dedup/disjoint_sets.hpp"

#include <algorithm>
#include <random>
#include <utility>

#include <doctest/doctest.h>

using gpt::dedup::DisjointSets;

TEST_CASE("groups are named by their least member") {
  DisjointSets sets;
  for (int i = 0; i < 6; ++i) sets.add();
  sets.unite(4, 5);
  sets.unite(2, 4);
  CHECK(sets.find(5) == 2);
  CHECK(sets.find(3) == 3);
  sets.unite(5, 0);
  sets.flatten();
  CHECK(sets.name(4) == 0);
  CHECK(sets.name(2) == 0);
  CHECK(sets.name(1) == 1);
}

TEST_CASE("the order of uniting does not matter") {
  std::mt19937 random(5);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;
  for (int i = 0; i < 300; ++i) edges.emplace_back(random() % 500, random() % 500);
  const auto names = [&] {
    DisjointSets sets;
    for (int i = 0; i < 500; ++i) sets.add();
    for (const auto& [a, b] : edges) sets.unite(a, b);
    sets.flatten();
    std::vector<std::uint32_t> result;
    for (std::uint32_t i = 0; i < 500; ++i) result.push_back(sets.name(i));
    return result;
  };
  const auto forward = names();
  std::shuffle(edges.begin(), edges.end(), random);
  CHECK(names() == forward);
}
