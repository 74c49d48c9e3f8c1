// Kernels with a planted bug: the emulator must tell, and the same kernel without it must pass.
#include <cmath>
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

enum class Bug { none, planted };

constexpr unsigned kAllLanes = 0xFFFFFFFFu;

// ---- barriers

template <Bug B>
__global__ void reverse(int* values) {
  GPT_SHARED(int[256], copy);
  copy[threadIdx.x] = values[threadIdx.x];
  if (B == Bug::none) __syncthreads();
  values[threadIdx.x] = copy[blockDim.x - 1 - threadIdx.x];
}

template <class Kernel>
bool reverses(Kernel kernel) {
  std::vector<int> values(256);
  std::iota(values.begin(), values.end(), 0);
  launch(kernel, 1, 256, 0, Stream{}, values.data());
  for (int i = 0; i < 256; ++i)
    if (values[static_cast<std::size_t>(i)] != 255 - i) return false;
  return true;
}

TEST_CASE("planted race: no barrier between write and read" *
          doctest::skip(cuda_on_cpu::kRacesEndTheProcess)) {
  CHECK(schedules_that_find([] { return !reverses(reverse<Bug::none>); }) == 0);
  CHECK(schedules_that_find([] { return !reverses(reverse<Bug::planted>); }) == kSchedules.size());
}

// Two rounds through one buffer: the second write must not overtake the first read.
template <Bug B>
__global__ void rotate_twice(int* values) {
  GPT_SHARED(int[128], buffer);
  const unsigned next = (threadIdx.x + 1) % blockDim.x;
  int value = values[threadIdx.x];
  for (int round = 0; round < 2; ++round) {
    buffer[threadIdx.x] = value;
    __syncthreads();
    value = buffer[next];
    if (B == Bug::none) __syncthreads();
  }
  values[threadIdx.x] = value;
}

template <class Kernel>
bool rotates_by_two(Kernel kernel) {
  std::vector<int> values(128);
  std::iota(values.begin(), values.end(), 0);
  launch(kernel, 1, 128, 0, Stream{}, values.data());
  for (int i = 0; i < 128; ++i)
    if (values[static_cast<std::size_t>(i)] != (i + 2) % 128) return false;
  return true;
}

TEST_CASE("planted race: no barrier between read and the next write" *
          doctest::skip(cuda_on_cpu::kRacesEndTheProcess)) {
  CHECK(schedules_that_find([] { return !rotates_by_two(rotate_twice<Bug::none>); }) == 0);
  CHECK(schedules_that_find([] { return !rotates_by_two(rotate_twice<Bug::planted>); }) >= 4);
}

// One lane writes what its warp reads.
template <Bug B>
__global__ void within_warp(int* values) {
  GPT_SHARED(int[32], buffer);
  buffer[threadIdx.x] = values[threadIdx.x];
  if (B == Bug::none) __syncwarp();
  values[threadIdx.x] = buffer[31 - threadIdx.x];
}

TEST_CASE("planted race: lanes of a warp taken to run in step" *
          doctest::skip(cuda_on_cpu::kRacesEndTheProcess)) {
  const auto wrong = [](auto kernel) {
    std::vector<int> values(32);
    std::iota(values.begin(), values.end(), 0);
    launch(kernel, 1, 32, 0, Stream{}, values.data());
    for (int i = 0; i < 32; ++i)
      if (values[static_cast<std::size_t>(i)] != 31 - i) return true;
    return false;
  };
  CHECK(schedules_that_find([&] { return wrong(within_warp<Bug::none>); }) == 0);
  CHECK(schedules_that_find([&] { return wrong(within_warp<Bug::planted>); }) == kSchedules.size());
}

__global__ void different_barriers(int* values) {
  if (threadIdx.x < 40) {
    values[threadIdx.x] = 1;
    __syncthreads();
  } else {
    values[threadIdx.x] = 2;
    __syncthreads();
  }
}

TEST_CASE("planted: a barrier in both branches") {
  for (const auto& schedule : kSchedules) {
    const cuda_on_cpu::ScopedSchedule scope(schedule);
    std::vector<int> values(64);
    const auto error = error_of([&] { launch(different_barriers, 1, 64, 0, Stream{}, values.data()); });
    CHECK(contains(error, "__syncthreads while "));
    CHECK(contains(error, "broken_kernels_test.cpp:"));
    CHECK(contains(error, "block (0, 0, 0)"));
  }
}

__global__ void barrier_or_shuffle(int* values) {
  if (threadIdx.x == 5) {
    __syncthreads();
  } else {
    values[threadIdx.x] = __shfl_xor_sync(kAllLanes, values[threadIdx.x], 1);
  }
}

TEST_CASE("planted: a lane waits elsewhere, and nobody can go on") {
  for (const auto& schedule : kSchedules) {
    const cuda_on_cpu::ScopedSchedule scope(schedule);
    std::vector<int> values(32);
    const auto error = error_of([&] { launch(barrier_or_shuffle, 1, 32, 0, Stream{}, values.data()); });
    CHECK(contains(error, "cannot go on"));
    CHECK(contains(error, "31 threads wait in __shfl_xor_sync at "));
    CHECK(contains(error, "1 threads wait in __syncthreads at "));
  }
}

TEST_CASE("a machine that had an error runs the next launch") {
  std::vector<int> values(64);
  CHECK_THROWS_AS(launch(different_barriers, 1, 64, 0, Stream{}, values.data()), cuda_on_cpu::KernelError);
  CHECK(reverses(reverse<Bug::none>));
}

// ---- warps

__global__ void mask_without_caller(int* values) {
  values[threadIdx.x] = __shfl_sync(0x0000FFFFu, values[threadIdx.x], 0);
}

TEST_CASE("planted: a mask that leaves out who calls") {
  std::vector<int> values(32);
  const auto error = error_of([&] { launch(mask_without_caller, 1, 32, 0, Stream{}, values.data()); });
  CHECK(contains(error, "leaves out lane 16"));
  CHECK(contains(error, "0x0000ffff"));
}

__global__ void different_shuffles(int* values) {
  int value = values[threadIdx.x];
  if (threadIdx.x < 16)
    value = __shfl_sync(kAllLanes, value, 0);
  else
    value = __shfl_sync(kAllLanes, value, 1);
  values[threadIdx.x] = value;
}

TEST_CASE("planted: lanes of one mask at different lines") {
  std::vector<int> values(32);
  const auto error = error_of([&] { launch(different_shuffles, 1, 32, 0, Stream{}, values.data()); });
  CHECK(contains(error, "__shfl_sync while lanes "));
  CHECK(contains(error, "for the same mask 0xffffffff"));
}

// The last warp of 48 threads has 16 lanes: what the others would have given is not defined.
__global__ void sum_of_part(float* sums) {
  float sum = 1;
  for (int step = 16; step > 0; step /= 2) sum += __shfl_xor_sync(kAllLanes, sum, step);
  sums[threadIdx.x] = sum;
}

TEST_CASE("planted: a sum over lanes that are not there") {
  std::vector<float> sums(48);
  launch(sum_of_part, 1, 48, 0, Stream{}, sums.data());
  CHECK(sums[0] == 32);
  CHECK(std::isnan(sums[40]));
}

// ---- shared memory

template <Bug B>
__global__ void accumulate(float* out) {
  GPT_SHARED(float[64], sums);
  if (B == Bug::none) sums[threadIdx.x] = 0;
  sums[threadIdx.x] += 1;
  out[blockIdx.x * 64 + threadIdx.x] = sums[threadIdx.x];
}

TEST_CASE("planted: shared memory taken to be zero, or to be kept from block to block") {
  const auto all_one = [](auto kernel) {
    std::vector<float> out(3 * 64);
    launch(kernel, 3, 64, 0, Stream{}, out.data());
    for (const float value : out)
      if (value != 1) return false;
    return true;
  };
  CHECK(all_one(accumulate<Bug::none>));
  CHECK(!all_one(accumulate<Bug::planted>));
}

#if !defined(__SANITIZE_ADDRESS__)  // which ends the process at the line
template <Bug B>
__global__ void shifted(float* out) {
  GPT_DYNAMIC_SHARED(float, row);
  row[threadIdx.x + (B == Bug::planted ? 1 : 0)] = 1;
  __syncthreads();
  out[threadIdx.x] = row[threadIdx.x];
}

TEST_CASE("planted: a write behind the dynamic shared memory") {
  std::vector<float> out(100);
  CHECK(error_of([&] { launch(shifted<Bug::none>, 1, 100, 400, Stream{}, out.data()); }).empty());
  const auto error = error_of([&] { launch(shifted<Bug::planted>, 1, 100, 400, Stream{}, out.data()); });
  CHECK(contains(error, "wrote outside a shared array of 400 bytes"));
}
#endif

// ---- atomic operations and order of blocks

template <Bug B>
__global__ void count_threads(unsigned* count) {
  if (B == Bug::none) {
    atomicAdd(count, 1u);
  } else {
    const unsigned before = *count;
    __syncwarp();  // somebody else may count here
    *count = before + 1;
  }
}

TEST_CASE("planted race: a count that is not atomic" * doctest::skip(cuda_on_cpu::kRacesEndTheProcess)) {
  const auto counted = [](auto kernel) {
    unsigned count = 0;
    launch(kernel, 2, 64, 0, Stream{}, &count);
    return count;
  };
  CHECK(schedules_that_find([&] { return counted(count_threads<Bug::none>) != 128; }) == 0);
  CHECK(schedules_that_find([&] { return counted(count_threads<Bug::planted>) != 128; }) ==
        kSchedules.size());
}

__global__ void blocks_in_order(int* value) {
  if (threadIdx.x == 0) *value = static_cast<int>(blockIdx.x);
}

TEST_CASE("planted: blocks taken to run in order") {
  CHECK(schedules_that_find([] {
          int value = -1;
          launch(blocks_in_order, 16, 32, 0, Stream{}, &value);
          return value != 15;
        }) >= 3);
}

// ---- launches

__global__ void nothing() {}

__global__ void too_much_static() {
  GPT_SHARED(float[13000], rows);
  rows[threadIdx.x] = 0;
}

TEST_CASE("launches that no GPU could run") {
  const auto error_of_launch = [](int blocks, dim3 block, std::size_t shared) {
    return error_of([&] { launch(nothing, blocks, block, shared, Stream{}); });
  };
  CHECK(error_of_launch(1, 1024, 0).empty());
  CHECK(error_of_launch(0, 64, 0).empty());
  CHECK(contains(error_of_launch(1, 1025, 0), "a block of 1025 threads"));
  CHECK(contains(error_of_launch(1, 0, 0), "a block of 0 threads"));
  CHECK(contains(error_of_launch(1, 32, 300000), "300000 bytes of shared memory"));
  CHECK(contains(error_of([] { launch(nothing, dim3(1, 70000), 32, 0, Stream{}); }), "65535"));
  CHECK(contains(error_of([] { launch(too_much_static, 1, 32, 0, Stream{}); }), "static shared memory"));
  CHECK_THROWS_AS(launch(nothing, std::int64_t{1} << 31, 32, 0, Stream{}), std::invalid_argument);
}

__global__ void trap_in(unsigned thread) {
  __syncthreads();
  if (threadIdx.x == thread) __trap();
  __syncthreads();
}

TEST_CASE("an error names block, thread and line, and the line of the launch") {
  const auto error = error_of([] { launch(trap_in, 1, dim3(16, 4), 0, Stream{}, 3u); });
  CHECK(contains(error, "__trap"));
  CHECK(contains(error, "thread (3, 0, 0)"));
  CHECK(contains(error, "of the launch at "));
}

}  // namespace
}  // namespace gpt::tensor
