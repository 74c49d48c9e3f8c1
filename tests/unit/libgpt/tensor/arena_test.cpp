#include "libgpt/tensor/arena.hpp"

#include <algorithm>
#include <cstdint>
#include <new>

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

TEST_CASE("an arena grows in place and holds what was needed at the same time") {
  Arena arena;
  constexpr std::size_t kMegabyte = std::size_t{1} << 20;
  const auto first = arena.take<std::byte>(kMegabyte);
  first[5] = std::byte{7};
  for (int i = 0; i < 5; ++i) {
    const ArenaScope scope(arena);
    const auto more = arena.take<std::byte>(30 * kMegabyte);
    CHECK(more.data() == first.data() + kMegabyte);
    more.back() = std::byte{1};
  }
  CHECK(first[5] == std::byte{7});
  CHECK(arena.peak_bytes() == 31 * kMegabyte);
  arena.reset();
  CHECK(arena.take<std::byte>(kMegabyte).data() == first.data());
  CHECK(arena.peak_bytes() == 31 * kMegabyte);
  const Arena moved = std::move(arena);
  CHECK(moved.peak_bytes() == 31 * kMegabyte);
}

TEST_CASE("more than the machine has is refused") {
  Arena arena;
  CHECK_THROWS_AS(arena.take<std::byte>(std::size_t{1} << 50), std::bad_alloc);
}
