// What libgpt/tensor/device.hpp promises, of any device.
#include <cstdint>
#include <numeric>
#include <vector>

#include <doctest/doctest.h>

#include "libgpt/tensor/aligned_buffer.hpp"
#include "libgpt/tensor/copy.hpp"
#include "tests/support/cuda_on_cpu/device.hpp"

using namespace gpt::tensor;
using gpt::cuda_on_cpu::ScopedEmulatedDevice;

namespace {

using Numbers = AlignedBuffer<OnDevice<std::int32_t>>;

std::vector<std::int32_t> counted(std::size_t count, std::int32_t first = 0) {
  std::vector<std::int32_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), first);
  return numbers;
}

std::vector<std::int32_t> read(const std::byte* memory, std::size_t count) {
  std::vector<std::int32_t> numbers(count);
  device().download(numbers.data(), memory, count * sizeof(std::int32_t));
  return numbers;
}

}  // namespace

TEST_CASE("memory of a device is zeroed, aligned, and its own") {
  const ScopedEmulatedDevice opened;
  CHECK_FALSE(device().name().empty());
  std::byte* const first = device().allocate(4000);
  std::byte* const second = device().allocate(4000);
  CHECK(reinterpret_cast<std::uintptr_t>(first) % 256 == 0);
  CHECK(read(first, 1000) == std::vector<std::int32_t>(1000, 0));
  const auto numbers = counted(1000);
  device().upload(second, numbers.data(), 4000);
  CHECK(read(first, 1000) == std::vector<std::int32_t>(1000, 0));
  CHECK(read(second, 1000) == numbers);
  device().copy(first, second, 4000);
  device().fill_zero(second + 400, 400);
  CHECK(read(first, 1000) == numbers);
  const auto holed = read(second, 1000);
  CHECK(holed[99] == 99);
  CHECK(holed[100] == 0);
  CHECK(holed[199] == 0);
  CHECK(holed[200] == 200);
  device().release(first);
  device().release(second);
  CHECK(device().peak_bytes() >= 8000);
}

TEST_CASE("copies larger than what is staged at once arrive whole") {
  const ScopedEmulatedDevice opened;
  for (const std::size_t count : {std::size_t{1}, std::size_t{1000}, (std::size_t{40} << 20) / 4 + 3}) {
    Numbers numbers(count);
    const auto sent = counted(count, 7);
    upload<OnDevice<std::int32_t>>(sent, numbers.span());
    CHECK(downloaded<OnDevice<std::int32_t>>(numbers.span()) == sent);
  }
}

TEST_CASE("many small copies keep their order, and their sources may change at once") {
  const ScopedEmulatedDevice opened;
  Numbers target(1);
  for (std::int32_t i = 0; i < 5000; ++i) {
    std::vector<std::int32_t> source = {i};
    upload<OnDevice<std::int32_t>>(source, target.span());
    source[0] = -1;
  }
  CHECK(downloaded<OnDevice<std::int32_t>>(target.span()) == std::vector<std::int32_t>{4999});
}

TEST_CASE("growing memory and the workspace keep their place; what was written stays") {
  const ScopedEmulatedDevice opened;
  const auto growing = device().growing_memory();
  growing->grow_to(1000);
  std::byte* const place = growing->data();
  const auto numbers = counted(250);
  device().upload(place, numbers.data(), 1000);
  for (const std::size_t bytes : {std::size_t{5} << 20, std::size_t{64} << 20}) {
    growing->grow_to(bytes);
    CHECK(growing->size() >= bytes);
    CHECK(growing->data() == place);
    device().fill_zero(place + 1000, bytes - 1000);
  }
  CHECK(read(place, 250) == numbers);
}

TEST_CASE("what a device cannot hold is refused with its sizes, and it goes on") {
  const ScopedEmulatedDevice opened;
  try {
    device().allocate(device().total_bytes() + 1);
    FAIL("more than all");
  } catch (const OutOfDeviceMemory& error) {
    CHECK(error.wanted_bytes == device().total_bytes() + 1);
    CHECK(error.total_bytes > 0);
  }
  const auto growing = device().growing_memory();
  CHECK_THROWS_AS(growing->grow_to(device().total_bytes() * 2), OutOfDeviceMemory);
  Numbers still(100);
  CHECK(downloaded<OnDevice<std::int32_t>>(still.span()) == std::vector<std::int32_t>(100, 0));
}

TEST_CASE("recorded work is done when it is replayed, each time anew") {
  const ScopedEmulatedDevice opened;
  Numbers from(100), to(100);
  const auto work = [&] { copy<OnDevice<std::int32_t>>(from.span(), to.span()); };
  work();
  const auto recorded = device().record(work);
  for (const std::int32_t first : {3, 50}) {
    const auto numbers = counted(100, first);
    upload<OnDevice<std::int32_t>>(numbers, from.span());
    recorded->replay();
    CHECK(downloaded<OnDevice<std::int32_t>>(to.span()) == numbers);
  }
}

TEST_CASE("time passes between marks") {
  const ScopedEmulatedDevice opened;
  Numbers numbers(1 << 20);
  const auto begin = device().mark();
  fill_zero<OnDevice<std::int32_t>>(numbers.span());
  const auto end = device().mark();
  CHECK(end->seconds_since(*begin) >= 0);
  CHECK(end->seconds_since(*begin) < 60);
}
