#include "apps/gpt-bpe-train/learn/merge_queue.hpp"

#include <set>
#include <tuple>

#include <doctest/doctest.h>

using namespace gpt::bpe_train;

TEST_CASE("candidates come by count, then by pair, whenever they were pushed") {
  // Counts on both sides of where rare candidates wait; half of them pushed while others are popped.
  MergeQueue queue;
  std::set<std::tuple<std::int64_t, Pair>> expected;  // count negated: highest first
  std::uint64_t state = 1;
  const auto push = [&](std::int64_t most) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    const auto count = static_cast<std::int64_t>(state >> 40) % most + 1;
    const Pair pair = state >> 33;
    queue.push({pair, count, {}});
    expected.insert({-count, pair});
  };
  for (int i = 0; i < 4000; ++i) push(i % 2 == 0 ? 3000 : 20);
  for (int i = 0; !expected.empty(); ++i) {
    const auto next = queue.pop();
    REQUIRE(next);
    REQUIRE(std::tuple(-next->count, next->pair) == *expected.begin());
    expected.erase(expected.begin());
    if (i < 4000) push(next->count);
  }
  CHECK(!queue.pop());
}
