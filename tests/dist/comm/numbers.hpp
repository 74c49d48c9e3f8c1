#pragma once

#include <cstdint>
#include <type_traits>
#include <vector>

namespace gpt::test {

// Numbers that every rank can work out for every other. Fractions that do not add up exactly in any order,
// and that differ by orders of magnitude: a sum tells in which order it was made.
template <class T>
T number_of(int rank, std::size_t element) {
  const auto mixed = (static_cast<std::uint64_t>(rank) * 1'000'003 + element) * 0x9E3779B97F4A7C15ULL;
  const auto small = static_cast<std::int64_t>(mixed >> 44) - (std::int64_t{1} << 19);
  if constexpr (std::is_floating_point_v<T>) {
    return static_cast<T>(small) / static_cast<T>(7 + (mixed & 1023));
  } else {
    return static_cast<T>(small);
  }
}

template <class T>
std::vector<T> numbers_of(int rank, std::size_t count, std::size_t first = 0) {
  std::vector<T> numbers(count);
  for (std::size_t i = 0; i < count; ++i) numbers[i] = number_of<T>(rank, first + i);
  return numbers;
}

}  // namespace gpt::test
