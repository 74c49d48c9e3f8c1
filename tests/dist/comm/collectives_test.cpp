#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>

#include <doctest/doctest.h>
#include <mpi.h>

#include "libgpt/comm/byte_strings.hpp"
#include "libgpt/comm/mpi/mpi_communicator.hpp"
#include "tests/dist/comm/numbers.hpp"
#include "tests/dist/dist_world.hpp"

using namespace gpt;
using test::number_of;
using test::numbers_of;
using test::world;

namespace {

// Enough for every path of MPI: eager and by rendezvous, trees and rings.
constexpr std::size_t kCounts[] = {0, 1, 7, 1000, 100'003};

template <class T>
T reduced_plainly(int ranks, std::size_t element, comm::Reduction reduction) {
  T result = number_of<T>(0, element);
  for (int rank = 1; rank < ranks; ++rank) {
    const T number = number_of<T>(rank, element);
    if (reduction == comm::Reduction::sum) result += number;
    if (reduction == comm::Reduction::max) result = std::max(result, number);
    if (reduction == comm::Reduction::min) result = std::min(result, number);
  }
  return result;
}

template <class T>
bool equal_or_close(T value, T expected, int ranks) {
  if constexpr (std::is_floating_point_v<T>) {
    // of ranks numbers up to 2^19 / 7 in size
    const T tolerance = static_cast<T>(ranks * 80'000.0) * std::numeric_limits<T>::epsilon();
    return std::abs(value - expected) <= tolerance;
  } else {
    return value == expected;
  }
}

template <class T>
bool same_bits_on_all_ranks(comm::Communicator& group, const std::vector<T>& values) {
  const auto bytes = std::as_bytes(std::span(values));
  const auto texts =
      comm::all_gather_strings(group, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  return std::all_of(texts.begin(), texts.end(), [&](const std::string& text) { return text == texts[0]; });
}

template <class T>
void check_all_reduce(comm::Communicator& group, std::size_t count, comm::Reduction reduction) {
  std::vector<T> values = numbers_of<T>(group.rank(), count);
  group.all_reduce(std::span(values), reduction);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < count; ++i)
    wrong += !equal_or_close(values[i], reduced_plainly<T>(group.size(), i, reduction), group.size());
  CHECK(wrong == 0);
  CHECK(same_bits_on_all_ranks(group, values));

  std::vector<T> again = numbers_of<T>(group.rank(), count);
  group.all_reduce(std::span(again), reduction);
  CHECK(again == values);
}

enum class Place { apart, in_place };

template <class T>
void check_reduce_scatter(comm::Communicator& group, std::size_t count, Place place) {
  const auto rank = static_cast<std::size_t>(group.rank());
  std::vector<T> whole = numbers_of<T>(group.rank(), count * static_cast<std::size_t>(group.size()));
  const std::vector<T> before = whole;
  std::vector<T> apart(count);
  const std::span<T> shard =
      place == Place::in_place ? std::span(whole).subspan(rank * count, count) : std::span(apart);
  group.reduce_scatter(std::span<const T>(whole), shard);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const T expected = reduced_plainly<T>(group.size(), rank * count + i, comm::Reduction::sum);
    wrong += !equal_or_close(shard[i], expected, group.size());
  }
  CHECK(wrong == 0);
  for (std::size_t i = 0; i < whole.size(); ++i)
    wrong += (place == Place::apart || i / std::max<std::size_t>(count, 1) != rank) && whole[i] != before[i];
  CHECK(wrong == 0);  // the other shards are left alone
}

template <class T>
void check_all_gather(comm::Communicator& group, std::size_t count, Place place) {
  const auto rank = static_cast<std::size_t>(group.rank());
  const std::vector<T> mine = numbers_of<T>(group.rank(), count);
  std::vector<T> whole(count * static_cast<std::size_t>(group.size()));
  std::span<const T> shard(mine);
  if (place == Place::in_place) {
    std::copy(mine.begin(), mine.end(), whole.begin() + static_cast<std::ptrdiff_t>(rank * count));
    shard = std::span(whole).subspan(rank * count, count);
  }
  group.all_gather(shard, std::span(whole));
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < whole.size(); ++i)
    wrong += whole[i] != number_of<T>(static_cast<int>(i / count), i % count);
  CHECK(wrong == 0);
}

template <class T>
void check_broadcast(comm::Communicator& group, std::size_t count) {
  for (int root = 0; root < group.size(); ++root) {
    std::vector<T> values = numbers_of<T>(group.rank(), count);
    group.broadcast(std::span(values), root);
    CHECK(values == numbers_of<T>(root, count));
  }
}

template <class T>
void check_collectives(comm::Communicator& group, std::size_t count) {
  using comm::Reduction;
  for (const Reduction reduction : {Reduction::sum, Reduction::max, Reduction::min})
    check_all_reduce<T>(group, count, reduction);
  for (const Place place : {Place::apart, Place::in_place}) {
    check_reduce_scatter<T>(group, count, place);
    check_all_gather<T>(group, count, place);
  }
  check_broadcast<T>(group, count);
}

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

TEST_CASE("a count beyond what one call passes goes in pieces, with the same result") {
  if (world().size() == 1) return;
  comm::MpiCommunicator pieces(MPI_COMM_WORLD, comm::MpiCommunicator::Handle::borrowed, "pieces",
                               {.largest_count = 300});
  for (const std::size_t count : {299, 300, 301, 1000}) {
    CAPTURE(count);
    check_collectives<float>(pieces, count);
    check_collectives<std::int64_t>(pieces, count);
  }
  // large enough for direct reductions
  comm::MpiCommunicator large_pieces(MPI_COMM_WORLD, comm::MpiCommunicator::Handle::borrowed, "large",
                                     {.largest_count = 3000});
  check_collectives<float>(large_pieces, 100'003);
}

TEST_CASE("groups of more ranks than messages between every two are for reduce as MPI does") {
  if (world().size() == 1) return;
  const comm::MpiLimits limits{.most_direct_ranks = world().size() - 1};
  comm::MpiCommunicator many(MPI_COMM_WORLD, comm::MpiCommunicator::Handle::borrowed, "many", limits);
  check_collectives<float>(many, 100'003);
  check_collectives<std::int64_t>(many, 100'003);
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
