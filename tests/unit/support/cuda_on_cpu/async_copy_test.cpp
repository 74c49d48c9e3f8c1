// Copies to shared memory that land later.
#include <numeric>
#include <vector>

#include <doctest/doctest.h>

#include "libgpt/tensor/cuda/language.hpp"
#include "tests/unit/support/cuda_on_cpu/schedules.hpp"

namespace gpt::tensor {
namespace {

using cuda_on_cpu::contains;
using cuda_on_cpu::error_of;
using cuda_on_cpu::kSchedules;
using cuda_on_cpu::schedules_that_find;

// Sums columns of tiles of [kThreads] rows, the next tile under way while one is added. Waits for the group
// before the last, or by mistake for none.
enum class Wait { right, one_group_too_few, no_barrier_before_reuse };
constexpr int kThreads = 32, kWide = 4, kTiles = 5;

template <Wait W>
__global__ void sum_tiles(const float* in, int rows, float* out) {
  GPT_DYNAMIC_SHARED(float, tiles);
  const int thread = static_cast<int>(threadIdx.x);
  const auto fetch = [&](int tile) {
    const int row = tile * kThreads + thread;
    if (tile < kTiles)
      cp_async<16>(tiles + ((tile % 2) * kThreads + thread) * kWide, in + row * kWide, row < rows);
    cp_async_commit();
  };
  fetch(0);
  float sum = 0;
  for (int tile = 0; tile < kTiles; ++tile) {
    fetch(tile + 1);
    cp_async_wait<W == Wait::one_group_too_few ? 2 : 1>();
    __syncthreads();
    const int other = kThreads - 1 - thread;
    for (int i = 0; i < kWide; ++i) sum += tiles[((tile % 2) * kThreads + other) * kWide + i];
    if (W != Wait::no_barrier_before_reuse) __syncthreads();
  }
  out[thread] = sum;
}

template <Wait W>
bool sums_are_right() {
  const int rows = kThreads * kTiles - 7;
  std::vector<float> in(static_cast<std::size_t>(rows * kWide));
  std::iota(in.begin(), in.end(), 1.0F);
  std::vector<float> out(kThreads);
  launch(sum_tiles<W>, 1, kThreads, 2 * kThreads * kWide * sizeof(float), Stream{}, in.data(), rows,
         out.data());
  for (int thread = 0; thread < kThreads; ++thread) {
    float sum = 0;
    for (int row = kThreads - 1 - thread; row < rows; row += kThreads)
      for (int i = 0; i < kWide; ++i) sum += in[static_cast<std::size_t>(row * kWide + i)];
    if (out[static_cast<std::size_t>(thread)] != sum) return false;
  }
  return true;
}

TEST_CASE("copies in a pipeline of two tiles, the end filled with zeros") {
  CHECK(schedules_that_find([] { return !sums_are_right<Wait::right>(); }) == 0);
}
TEST_CASE("planted: a wait for too few copies") {
  CHECK(schedules_that_find([] { return !sums_are_right<Wait::one_group_too_few>(); }) == kSchedules.size());
}
TEST_CASE("planted race: a copy into a tile that others still read" *
          doctest::skip(cuda_on_cpu::kRacesEndTheProcess)) {
  CHECK(schedules_that_find([] { return !sums_are_right<Wait::no_barrier_before_reuse>(); }) >= 3);
}

template <int Bytes>
__global__ void copy_at(const unsigned char* from, unsigned char* to, int from_offset, int to_offset) {
  GPT_DYNAMIC_SHARED(unsigned char, buffer);
  cp_async<Bytes>(buffer + to_offset, from + from_offset);
  cp_async_commit();
  cp_async_wait<0>();
  for (int i = 0; i < Bytes; ++i) to[i] = buffer[to_offset + i];
}

TEST_CASE("copies of 4, 8 and 16 bytes, aligned and within shared memory") {
  alignas(16) unsigned char from[64], to[16] = {};
  std::iota(std::begin(from), std::end(from), static_cast<unsigned char>(0));
  launch(copy_at<4>, 1, 1, 64, Stream{}, from, to, 4, 8);
  CHECK(to[3] == 7);
  launch(copy_at<8>, 1, 1, 64, Stream{}, from, to, 16, 24);
  CHECK(to[7] == 23);
  launch(copy_at<16>, 1, 1, 64, Stream{}, from, to, 32, 48);
  CHECK(to[15] == 47);
  const auto error = [&](int from_offset, int to_offset) {
    return error_of([&] { launch(copy_at<16>, 1, 1, 64, Stream{}, from, to, from_offset, to_offset); });
  };
  CHECK(contains(error(8, 0), "cp_async from an address that is not aligned to 16 bytes"));
  CHECK(contains(error(0, 8), "not aligned to 16 bytes"));
  CHECK(contains(error(0, 64), "outside the block's shared memory"));
}

}  // namespace
}  // namespace gpt::tensor
