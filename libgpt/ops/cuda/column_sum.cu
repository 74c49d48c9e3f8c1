#include <algorithm>

#include "libgpt/ops/cuda/column_sum.hpp"
#include "libgpt/ops/cuda/grid.hpp"
#include "libgpt/ops/cuda/vector_access.hpp"
#include "libgpt/tensor/device.hpp"

namespace gpt::ops::cuda {
namespace {

using tensor::compute_stream;
using tensor::launch;
using tensor::raw;
using tensor::ValueOf;

// A block is 8 warps: its warps take rows in turn, the lanes of each neighbouring columns.
constexpr int kLanes = 32;
constexpr int kWarps = 8;
// Rows are cut into slices, so that there are blocks enough for narrow matrices too. Of the shape alone:
// another number of slices adds in another order.
constexpr std::int64_t kLeastRows = 32;
constexpr std::int64_t kMostSlices = 128;

std::int64_t slices_of(std::int64_t rows) {
  return std::clamp<std::int64_t>((rows + kLeastRows - 1) / kLeastRows, 1, kMostSlices);
}

// partial[slice, columns] of the rows of one slice. A thread sums kVector columns of every eighth row; the
// eight sums are then added in the order of the warps.
template <class V, int kVector>
__global__ void __launch_bounds__(kLanes* kWarps)
    sum_slices(const V* x, float* partial, std::int64_t rows, std::int64_t columns,
               std::int64_t rows_a_slice) {
  constexpr int kColumns = kLanes * kVector;
  GPT_SHARED(float[kWarps][kColumns], shared);
  const std::int64_t first_column = static_cast<std::int64_t>(blockIdx.x) * kColumns;
  const int lane = static_cast<int>(threadIdx.x) % kLanes;
  const int warp = static_cast<int>(threadIdx.x) / kLanes;
  const std::int64_t column = first_column + lane * kVector;
  const std::int64_t begin = static_cast<std::int64_t>(blockIdx.y) * rows_a_slice;
  const std::int64_t end = begin + rows_a_slice < rows ? begin + rows_a_slice : rows;

  float sums[kVector] = {};
  if (column < columns) {
#pragma unroll 4
    for (std::int64_t row = begin + warp; row < end; row += kWarps) {
      const auto added = load_floats<V, kVector>(x + row * columns + column);
      for (int i = 0; i < kVector; ++i) sums[i] += added.at[i];
    }
  }
  for (int i = 0; i < kVector; ++i) shared[warp][lane * kVector + i] = sums[i];
  __syncthreads();
  for (int i = static_cast<int>(threadIdx.x); i < kColumns; i += kLanes * kWarps) {
    if (first_column + i >= columns) continue;
    float sum = 0;
    for (int from = 0; from < kWarps; ++from) sum += shared[from][i];
    partial[static_cast<std::int64_t>(blockIdx.y) * columns + first_column + i] = sum;
  }
}

__global__ void __launch_bounds__(kLanes* kWarps)
    add_slices(const float* partial, float* sums, std::int64_t slices, std::int64_t columns, bool add) {
  GPT_SHARED(float[kWarps][kLanes], shared);
  const int lane = static_cast<int>(threadIdx.x) % kLanes;
  const int warp = static_cast<int>(threadIdx.x) / kLanes;
  const std::int64_t column = static_cast<std::int64_t>(blockIdx.x) * kLanes + lane;
  float sum = 0;
  if (column < columns) {
#pragma unroll 4
    for (std::int64_t slice = warp; slice < slices; slice += kWarps) sum += partial[slice * columns + column];
  }
  shared[warp][lane] = sum;
  __syncthreads();
  if (warp != 0 || column >= columns) return;
  float total = add ? sums[column] : 0.0F;
  for (int from = 0; from < kWarps; ++from) total += shared[from][lane];
  sums[column] = total;
}

template <class V, int kVector>
void launch_slices(const V* x, float* partial, std::int64_t rows, std::int64_t columns, std::int64_t slices) {
  const dim3 grid(static_cast<unsigned>(blocks_for(columns, kLanes * kVector)),
                  static_cast<unsigned>(slices));
  launch(sum_slices<V, kVector>, grid, kLanes * kWarps, 0, compute_stream(), x, partial, rows, columns,
         (rows + slices - 1) / slices);
}

}  // namespace

template <class T>
void column_sum(std::int64_t rows, std::int64_t columns, std::span<const T> x, Product mode,
                std::span<tensor::DeviceF32> sums) {
  using V = ValueOf<T>;
  if (columns == 0) return;
  const std::int64_t slices = slices_of(rows);
  const auto bytes = static_cast<std::size_t>(slices * columns) * sizeof(float);
  auto* const partial = reinterpret_cast<float*>(tensor::device().workspace(bytes));
  const V* const from = raw(x);
  with_width<kPack<V>>(columns % kPack<V> == 0 && aligned_for_packs(from), [&](auto width) {
    launch_slices<V, decltype(width)::value>(from, partial, rows, columns, slices);
  });
  launch(add_slices, blocks_for(columns, kLanes), kLanes * kWarps, 0, compute_stream(), partial, raw(sums),
         slices, columns, mode == Product::add);
}

#define GPT_COLUMN_SUM(T)                                                              \
  template void column_sum<T>(std::int64_t, std::int64_t, std::span<const T>, Product, \
                              std::span<tensor::DeviceF32>);
GPT_COLUMN_SUM(tensor::DeviceF32)
GPT_COLUMN_SUM(tensor::DeviceBf16)
GPT_COLUMN_SUM(tensor::DeviceF16)
#undef GPT_COLUMN_SUM

}  // namespace gpt::ops::cuda
