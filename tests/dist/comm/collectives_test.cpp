#include <vector>

#include <doctest/doctest.h>

#include "libgpt/comm/byte_strings.hpp"
#include "tests/dist/comm/check_collectives.hpp"
#include "tests/dist/dist_world.hpp"

using namespace gpt;
using test::check_collectives;
using test::world;

namespace {

// Enough for every path: short and long messages, trees and rings.
constexpr std::size_t kCounts[] = {0, 1, 7, 1000, 100'003};

}  // namespace

TEST_CASE("every collective does what a plain loop over the ranks does") {
  comm::Communicator& group = world().communicator();
  for (const std::size_t count : kCounts) {
    CAPTURE(count);
    check_collectives<float>(group, count);
    check_collectives<double>(group, count);
    check_collectives<std::int64_t>(group, count);
    check_collectives<std::int32_t>(group, count);
  }
}

TEST_CASE("bytes and half-width numbers are moved, and not reduced") {
  comm::Communicator& group = world().communicator();
  std::vector<std::uint16_t> whole(static_cast<std::size_t>(group.size()) * 3);
  const std::vector<std::uint16_t> mine(3, static_cast<std::uint16_t>(group.rank() + 500));
  comm::ConstBuffer shard;
  shard.data = mine.data();
  shard.count = mine.size();
  shard.type = tensor::DType::bf16;
  comm::Buffer all;
  all.data = whole.data();
  all.count = whole.size();
  all.type = tensor::DType::bf16;
  group.all_gather(shard, all);
  for (std::size_t i = 0; i < whole.size(); ++i) CHECK(whole[i] == i / 3 + 500);
  if (group.size() > 1) CHECK_THROWS_AS(group.all_reduce(all), comm::CommError);
}

TEST_CASE("texts of unequal length reach all ranks") {
  comm::Communicator& group = world().communicator();
  const auto text_of = [](int rank) {
    return std::string(static_cast<std::size_t>(rank * 5), 'a') + '\0' + "é";
  };
  const auto texts = comm::all_gather_strings(group, group.rank() == 1 ? "" : text_of(group.rank()));
  REQUIRE(texts.size() == static_cast<std::size_t>(group.size()));
  for (int rank = 0; rank < group.size(); ++rank)
    CHECK(texts[static_cast<std::size_t>(rank)] == (rank == 1 ? "" : text_of(rank)));
  const int last = group.size() - 1;
  CHECK(comm::broadcast_string(group, text_of(group.rank()), last) == text_of(last));
}

TEST_CASE("what cannot be passed is refused, naming group, collective and rank") {
  if (world().size() == 1) return;
  comm::Communicator& group = world().communicator();
  std::vector<float> values(10);
  const std::string rank = "rank " + std::to_string(group.rank()) + " of " + std::to_string(group.size());
  try {
    group.reduce_scatter(std::span<const float>(values), std::span(values).first(3));
    FAIL("a shard that does not fit was taken");
  } catch (const comm::CommError& error) {
    const std::string message = error.what();
    CHECK(message.find("reduce-scatter of 10 F32 in group 'world', " + rank) != std::string::npos);
    CHECK(message.find("a shard of 3 F32 does not fit") != std::string::npos);
  }
  CHECK_THROWS_AS(group.broadcast(std::span(values), group.size()), comm::CommError);
  CHECK_THROWS_AS(group.send(std::span<const float>(values), -1, 0), comm::CommError);
  CHECK_THROWS_AS(group.send(std::span<const float>(values), 0, -1), comm::CommError);
}
