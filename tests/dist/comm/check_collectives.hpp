#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include "libgpt/comm/byte_strings.hpp"
#include "libgpt/comm/communicator.hpp"
#include "tests/dist/comm/numbers.hpp"

// What every collective of a group must do, held against plain loops over the ranks.
namespace gpt::test {

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

enum class ShardPlace { apart, in_place };

template <class T>
void check_reduce_scatter(comm::Communicator& group, std::size_t count, ShardPlace place) {
  const auto rank = static_cast<std::size_t>(group.rank());
  std::vector<T> whole = numbers_of<T>(group.rank(), count * static_cast<std::size_t>(group.size()));
  const std::vector<T> before = whole;
  std::vector<T> apart(count);
  const std::span<T> shard =
      place == ShardPlace::in_place ? std::span(whole).subspan(rank * count, count) : std::span(apart);
  group.reduce_scatter(std::span<const T>(whole), shard);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const T expected = reduced_plainly<T>(group.size(), rank * count + i, comm::Reduction::sum);
    wrong += !equal_or_close(shard[i], expected, group.size());
  }
  CHECK(wrong == 0);
  for (std::size_t i = 0; i < whole.size(); ++i)
    wrong +=
        (place == ShardPlace::apart || i / std::max<std::size_t>(count, 1) != rank) && whole[i] != before[i];
  CHECK(wrong == 0);  // the other shards are left alone
}

template <class T>
void check_all_gather(comm::Communicator& group, std::size_t count, ShardPlace place) {
  const auto rank = static_cast<std::size_t>(group.rank());
  const std::vector<T> mine = numbers_of<T>(group.rank(), count);
  std::vector<T> whole(count * static_cast<std::size_t>(group.size()));
  std::span<const T> shard(mine);
  if (place == ShardPlace::in_place) {
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
  for (const ShardPlace place : {ShardPlace::apart, ShardPlace::in_place}) {
    check_reduce_scatter<T>(group, count, place);
    check_all_gather<T>(group, count, place);
  }
  check_broadcast<T>(group, count);
}

}  // namespace gpt::test
