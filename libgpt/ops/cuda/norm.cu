#include <algorithm>

#include "libgpt/ops/cuda/elementwise.hpp"
#include "libgpt/ops/cuda/reduce.hpp"
#include "libgpt/ops/norm.hpp"
#include "libgpt/ops/shape_error.hpp"
#include "libgpt/tensor/device.hpp"

namespace gpt::ops {
namespace {

using namespace gpt::ops::cuda;
using tensor::raw;

constexpr int kThreads = 256;
constexpr int kWarps = kThreads / kWarp;
// Packs that a thread reads together.
constexpr int kAhead = 4;
// Enough to fill the largest GPU twice; so few that a block adds their sums up in no time.
constexpr i64 kMostBlocks = 2048;

// Reads the tensor once. Squares are exact in double and so is their sum nearly; blocks take the elements in
// turn, and which thread has which depends on their number alone.
template <class V, int Width>
__global__ void __launch_bounds__(kThreads) square_sums(const V* x, i64 count, double* sums) {
  const i64 stride = i64{kThreads} * Width;
  double sum = 0;
  for (i64 first = static_cast<i64>(blockIdx.x) * kAhead * stride + static_cast<i64>(threadIdx.x) * Width;
       first < count; first += static_cast<i64>(gridDim.x) * kAhead * stride) {
    Pack<V, Width> loaded[kAhead];
#pragma unroll
    for (int k = 0; k < kAhead; ++k)
      if (first + k * stride + Width <= count) loaded[k] = load<V, Width>(x + first + k * stride);
#pragma unroll
    for (int k = 0; k < kAhead; ++k) {
      const i64 at = first + k * stride;
      if (at + Width <= count) {
        const Floats<Width> values = floats<V, Width>(loaded[k]);
#pragma unroll
        for (int i = 0; i < Width; ++i) sum += static_cast<double>(values.at[i]) * values.at[i];
      } else {
        for (i64 i = at; i < count; ++i) sum += static_cast<double>(float_of(x[i])) * float_of(x[i]);
      }
    }
  }
  GPT_SHARED(double[kWarps], scratch);
  sum = block_sum<kWarps>(sum, scratch);
  if (threadIdx.x == 0) sums[blockIdx.x] = sum;
}

__global__ void __launch_bounds__(kThreads) add_up(const double* sums, i64 count, double* total) {
  double sum = 0;
  for (i64 i = threadIdx.x; i < count; i += kThreads) sum += sums[i];
  GPT_SHARED(double[kWarps], scratch);
  sum = block_sum<kWarps>(sum, scratch);
  if (threadIdx.x == 0) *total += sum;
}

}  // namespace

template <class T>
void add_sum_of_squares(std::span<const T> x, std::span<tensor::Beside<T, double>> sum) {
  check_elements("sum of squares", "sum", sum.size(), 1);
  if (x.empty()) return;
  using V = tensor::ValueOf<T>;
  with_width<kPack<V>>(aligned_for_packs(raw(x)), [&](auto width) {
    const i64 blocks = std::min(kMostBlocks, blocks_for(std::ssize(x), i64{kThreads} * kAhead * width()));
    auto* const sums = reinterpret_cast<double*>(
        tensor::device().workspace(static_cast<std::size_t>(blocks) * sizeof(double)));
    const tensor::Stream stream = tensor::compute_stream();
    tensor::launch(square_sums<V, width()>, blocks, kThreads, 0, stream, raw(x), std::ssize(x), sums);
    tensor::launch(add_up, 1, kThreads, 0, stream, sums, blocks, raw(sum));
  });
}

template void add_sum_of_squares<tensor::DeviceF32>(std::span<const tensor::DeviceF32>,
                                                    std::span<tensor::OnDevice<double>>);
template void add_sum_of_squares<tensor::DeviceBf16>(std::span<const tensor::DeviceBf16>,
                                                     std::span<tensor::OnDevice<double>>);
template void add_sum_of_squares<tensor::DeviceF16>(std::span<const tensor::DeviceF16>,
                                                    std::span<tensor::OnDevice<double>>);

}  // namespace gpt::ops
