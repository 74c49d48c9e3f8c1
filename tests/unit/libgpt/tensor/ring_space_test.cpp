#include "libgpt/tensor/ring_space.hpp"

#include <deque>
#include <random>

#include <doctest/doctest.h>

using namespace gpt::tensor;

TEST_CASE("a ring gives stretches in order, goes round, and says when it is full") {
  RingSpace ring(100);
  CHECK(ring.take(101) == std::nullopt);
  CHECK(ring.take(60) == 0);
  CHECK(ring.take(40) == 60);
  CHECK(ring.take(1) == std::nullopt);
  ring.give_back_oldest();
  CHECK(ring.take(50) == 0);
  CHECK(ring.take(11) == std::nullopt);
  CHECK(ring.take(10) == 50);
  CHECK(ring.take(1) == std::nullopt);
  ring.give_back_oldest();
  CHECK(ring.take(41) == std::nullopt);
  CHECK(ring.take(40) == 60);
  CHECK(ring.stretches() == 3);
}

TEST_CASE("stretches of a ring never overlap, and an empty ring takes all it can hold") {
  RingSpace ring(1000);
  std::deque<std::pair<std::size_t, std::size_t>> out;
  std::mt19937 random(1);
  int refused = 0;
  for (int i = 0; i < 20000; ++i) {
    const std::size_t bytes = 1 + random() % (i % 10 == 0 ? 1000 : 200);
    auto offset = ring.take(bytes);
    while (!offset) {
      ++refused;
      REQUIRE(!out.empty());
      ring.give_back_oldest();
      out.pop_front();
      offset = ring.take(bytes);
    }
    REQUIRE(*offset + bytes <= 1000);
    for (const auto& [begin, end] : out) REQUIRE((*offset >= end || *offset + bytes <= begin));
    out.emplace_back(*offset, *offset + bytes);
    if (random() % 3 == 0) {
      ring.give_back_oldest();
      out.pop_front();
    }
  }
  CHECK(refused > 1000);
}
