#include "libgpt/tensor/arena.hpp"

#include <algorithm>
#include <cstdint>

#include <doctest/doctest.h>

#include "libgpt/tensor/aligned_buffer.hpp"

using gpt::tensor::AlignedBuffer;
using gpt::tensor::Arena;
using gpt::tensor::ArenaScope;

TEST_CASE("a buffer is aligned, zeroed and movable") {
  AlignedBuffer<float> buffer(1000);
  CHECK(reinterpret_cast<std::uintptr_t>(buffer.data()) % 64 == 0);
  CHECK(std::all_of(buffer.span().begin(), buffer.span().end(), [](float x) { return x == 0; }));
  buffer.span()[3] = 5;
  const AlignedBuffer<float> moved = std::move(buffer);
  CHECK(moved.size() == 1000);
  CHECK(moved.span()[3] == 5);
}

TEST_CASE("an arena hands out disjoint aligned spans and takes them back") {
  Arena arena;
  const auto first = arena.take<float>(100);
  const auto second = arena.take<double>(7);
  CHECK(reinterpret_cast<std::uintptr_t>(second.data()) % 64 == 0);
  CHECK(static_cast<void*>(second.data()) >= static_cast<void*>(first.data() + first.size()));
  const float* again = nullptr;
  {
    const ArenaScope scope(arena);
    again = arena.take<float>(50).data();
  }
  CHECK(arena.take<float>(50).data() == again);
}

TEST_CASE("an arena that grew in pieces becomes one piece of the size that was needed") {
  Arena arena;
  constexpr std::size_t kMegabyte = std::size_t{1} << 20;
  for (int i = 0; i < 5; ++i) arena.take<std::byte>(3 * kMegabyte);
  arena.reset();
  CHECK(arena.capacity_bytes() == 15 * kMegabyte);
  const auto* const start = arena.take<std::byte>(kMegabyte).data();
  CHECK(arena.take<std::byte>(14 * kMegabyte).data() == start + kMegabyte);
  CHECK(arena.capacity_bytes() == 15 * kMegabyte);
}
