// Threads of a block as the emulator runs them: correct kernels give the right result under every schedule.
#include <numeric>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "libgpt/tensor/cuda/language.hpp"
#include "tests/unit/support/cuda_on_cpu/schedules.hpp"

namespace gpt::tensor {
namespace {

using cuda_on_cpu::kSchedules;
using cuda_on_cpu::ScopedSchedule;

__global__ void add_index(int* out, int count) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < count) out[i] += i;
}

template <class T>
__global__ void sum_rows(const T* in, T* out, int columns) {
  GPT_SHARED(T[32], of_warp);
  T sum{};
  for (int column = static_cast<int>(threadIdx.x); column < columns; column += static_cast<int>(blockDim.x))
    sum += in[static_cast<int>(blockIdx.x) * columns + column];
  for (int step = 16; step > 0; step /= 2) sum += __shfl_xor_sync(0xFFFFFFFFu, sum, step);
  const unsigned warp = threadIdx.x / 32, lane = threadIdx.x % 32;
  if (lane == 0) of_warp[warp] = sum;
  __syncthreads();
  if (warp == 0) {
    sum = lane < blockDim.x / 32 ? of_warp[lane] : T{};
    for (int step = 16; step > 0; step /= 2) sum += __shfl_down_sync(0xFFFFFFFFu, sum, step);
    if (lane == 0) out[blockIdx.x] = sum;
  }
}

__global__ void reverse(float* values) {
  GPT_DYNAMIC_SHARED(float, copy);
  copy[threadIdx.x] = values[threadIdx.x];
  __syncthreads();
  values[threadIdx.x] = copy[blockDim.x - 1 - threadIdx.x];
}

TEST_CASE("every thread of every block runs once") {
  for (const auto& schedule : kSchedules) {
    const ScopedSchedule scope(schedule);
    std::vector<int> out(1000, 5);
    launch(add_index, (out.size() + 95) / 96, 96, 0, Stream{}, out.data(), static_cast<int>(out.size()));
    for (int i = 0; i < 1000; ++i) CHECK(out[static_cast<std::size_t>(i)] == i + 5);
  }
}

TEST_CASE("a sum over a block by shuffles and shared memory, instantiated twice") {
  for (const auto& schedule : kSchedules) {
    const ScopedSchedule scope(schedule);
    std::vector<float> floats(3 * 500);
    std::iota(floats.begin(), floats.end(), 0.0F);
    std::vector<double> doubles(floats.begin(), floats.end());
    std::vector<float> float_sums(3);
    std::vector<double> double_sums(3);
    launch(sum_rows<float>, 3, 128, 0, Stream{}, floats.data(), float_sums.data(), 500);
    launch(sum_rows<double>, 3, 1024, 0, Stream{}, doubles.data(), double_sums.data(), 500);
    for (std::size_t row = 0; row < 3; ++row) {
      const double first = static_cast<double>(row) * 500;
      CHECK(float_sums[row] == doctest::Approx(500 * (first + 249.5)));
      CHECK(double_sums[row] == doctest::Approx(500 * (first + 249.5)));
    }
  }
}

TEST_CASE("dynamic shared memory has the size of the launch") {
  for (const auto& schedule : kSchedules) {
    const ScopedSchedule scope(schedule);
    std::vector<float> values(777);
    std::iota(values.begin(), values.end(), 0.0F);
    launch(reverse, 1, 777, 777 * sizeof(float), Stream{}, values.data());
    for (std::size_t i = 0; i < values.size(); ++i) CHECK(values[i] == static_cast<float>(776 - i));
  }
}

TEST_CASE("ranks that are threads launch the same kernels at the same time") {
  std::vector<std::vector<float>> of_rank(3);
  std::vector<std::thread> ranks;
  for (auto& values : of_rank)
    ranks.emplace_back([&] {
      values.resize(512);
      std::iota(values.begin(), values.end(), 0.0F);
      for (int turn = 0; turn < 21; ++turn)
        launch(reverse, 1, 512, 512 * sizeof(float), Stream{}, values.data());
    });
  for (auto& rank : ranks) rank.join();
  for (const auto& values : of_rank)
    for (std::size_t i = 0; i < values.size(); ++i) CHECK(values[i] == static_cast<float>(511 - i));
}

}  // namespace
}  // namespace gpt::tensor
