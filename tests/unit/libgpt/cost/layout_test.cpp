#include "libgpt/cost/layout.hpp"

#include <algorithm>
#include <set>

#include <doctest/doctest.h>

using namespace gpt::cost;

namespace {
using Groups = std::vector<std::vector<std::int64_t>>;
}

TEST_CASE("sixteen ranks with tensor 2 and pipeline 4 form the documented groups") {
  const RankGroups groups = rank_groups({.tensor = 2, .pipeline = 4, .data = 2});
  CHECK(groups.tensor == Groups{{0, 1}, {2, 3}, {4, 5}, {6, 7}, {8, 9}, {10, 11}, {12, 13}, {14, 15}});
  CHECK(groups.data == Groups{{0, 2}, {1, 3}, {4, 6}, {5, 7}, {8, 10}, {9, 11}, {12, 14}, {13, 15}});
  CHECK(groups.pipeline == Groups{{0, 4, 8, 12}, {1, 5, 9, 13}, {2, 6, 10, 14}, {3, 7, 11, 15}});
}

TEST_CASE("every rank is in exactly one group of each kind") {
  const Layout layout = {.tensor = 3, .pipeline = 2, .data = 5};
  const RankGroups groups = rank_groups(layout);
  for (const Groups& kind : {groups.tensor, groups.data, groups.pipeline}) {
    std::multiset<std::int64_t> seen;
    for (const auto& group : kind) seen.insert(group.begin(), group.end());
    CHECK(seen.size() == 30);
    CHECK(std::set<std::int64_t>(seen.begin(), seen.end()).size() == 30);
  }
}

TEST_CASE("the place of a rank is its index in each of its groups") {
  const Layout layout = {.tensor = 3, .pipeline = 2, .data = 5};
  const RankGroups groups = rank_groups(layout);
  const auto index_in = [](const Groups& kind, std::int64_t rank) {
    for (const auto& group : kind) {
      const auto found = std::find(group.begin(), group.end(), rank);
      if (found != group.end()) return static_cast<std::int64_t>(found - group.begin());
    }
    return std::int64_t{-1};
  };
  for (std::int64_t rank = 0; rank < layout.processes(); ++rank) {
    const RankPlace place = rank_place(layout, rank);
    CHECK(place.tensor == index_in(groups.tensor, rank));
    CHECK(place.data == index_in(groups.data, rank));
    CHECK(place.pipeline == index_in(groups.pipeline, rank));
  }
}

TEST_CASE("the bubble is (p - 1)/m, and 1/v of it interleaved") {
  CHECK(pipeline_bubble(8, 64) == doctest::Approx(7.0 / 64));
  CHECK(pipeline_bubble(8, 64, 4) == doctest::Approx(7.0 / 256));
  CHECK(pipeline_bubble(1, 4) == 0);
}

TEST_CASE("micro batches are the global batch over micro batch and replicas") {
  CHECK(micro_batches({2048, 2, 2304}, {.tensor = 8, .pipeline = 8, .data = 24}) == 48);
}
