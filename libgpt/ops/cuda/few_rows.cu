#include "libgpt/ops/cuda/few_rows.hpp"
#include "libgpt/ops/cuda/grid.hpp"
#include "libgpt/ops/cuda/reduce.hpp"
#include "libgpt/ops/cuda/vector_access.hpp"

namespace gpt::ops::cuda {
namespace {

using tensor::compute_stream;
using tensor::launch;
using tensor::raw;
using tensor::ValueOf;

constexpr int kLinearWarps = 16;
constexpr int kTableWarps = 8;

// The columns of a block are Lanes packs wide; the other lanes of a warp and the warps take the rows of W in
// turn. Few columns a block make blocks enough for a narrow W; each of its rows is read in whole sectors of
// 32 bytes all the same.
template <class V, int Rows, int Lanes>
__global__ void __launch_bounds__(kLinearWarps* kWarp)
    linear_kernel(const V* x, const V* weight, const V* bias, V* y, int rows, i64 in, i64 out) {
  constexpr int kColumns = Lanes * kPack<V>;
  constexpr int kTogether = kWarp / Lanes;  // rows of W that a warp reads at once
  GPT_SHARED(float[kLinearWarps][Rows][kColumns], shared);
  const int part = lane_index() % Lanes;
  const i64 first = static_cast<i64>(blockIdx.x) * kColumns;
  const i64 column = first + part * kPack<V>;
  float sums[Rows][kPack<V>] = {};
  if (column < out) {
#pragma unroll 4
    for (i64 i = warp_index() * kTogether + lane_index() / Lanes; i < in; i += kLinearWarps * kTogether) {
      const auto w = load_floats<V, kPack<V>>(weight + i * out + column);
#pragma unroll
      for (int r = 0; r < Rows; ++r) {
        const float factor = r < rows ? float_of(x[r * in + i]) : 0.0F;
#pragma unroll
        for (int c = 0; c < kPack<V>; ++c) sums[r][c] += factor * w.at[c];
      }
    }
  }
#pragma unroll
  for (int r = 0; r < Rows; ++r) {
#pragma unroll
    for (int c = 0; c < kPack<V>; ++c) {
#pragma unroll
      for (int by = kWarp / 2; by >= Lanes; by /= 2) sums[r][c] += __shfl_xor_sync(kAllLanes, sums[r][c], by);
      if (lane_index() < Lanes) shared[warp_index()][r][part * kPack<V> + c] = sums[r][c];
    }
  }
  __syncthreads();
  for (int i = static_cast<int>(threadIdx.x); i < Rows * kColumns; i += kLinearWarps * kWarp) {
    const int r = i / kColumns;
    const i64 to = first + i % kColumns;
    if (r >= rows || to >= out) continue;
    float sum = 0;
#pragma unroll
    for (int warp = 0; warp < kLinearWarps; ++warp) sum += shared[warp][r][i % kColumns];
    if (bias != nullptr) sum += float_of(bias[to]);
    y[r * out + to] = element_of<V>(sum);
  }
}

// A warp makes the sums of one row of the table.
template <class V, int Rows>
__global__ void __launch_bounds__(kTableWarps* kWarp)
    table_kernel(const V* x, const V* table, V* y, int rows, i64 in, i64 out) {
  const i64 to = static_cast<i64>(blockIdx.x) * kTableWarps + warp_index();
  if (to >= out) return;
  float sums[Rows] = {};
#pragma unroll 4
  for (i64 i = lane_index() * kPack<V>; i < in; i += kWarp * kPack<V>) {
    const auto v = load_floats<V, kPack<V>>(table + to * in + i);
#pragma unroll
    for (int r = 0; r < Rows; ++r) {
      if (r >= rows) continue;
      const auto factors = load_floats<V, kPack<V>>(x + r * in + i);
#pragma unroll
      for (int c = 0; c < kPack<V>; ++c) sums[r] += factors.at[c] * v.at[c];
    }
  }
#pragma unroll
  for (int r = 0; r < Rows; ++r) {
    const float sum = warp_sum(sums[r]);
    if (lane_index() == 0 && r < rows) y[r * out + to] = element_of<V>(sum);
  }
}

template <class V, int Rows, int Lanes>
void launch_linear(const LinearShape& s, const V* x, const V* weight, const V* bias, V* y) {
  launch(linear_kernel<V, Rows, Lanes>, blocks_for(s.out, Lanes * kPack<V>), kLinearWarps * kWarp, 0,
         compute_stream(), x, weight, bias, y, static_cast<int>(s.rows), s.in, s.out);
}

// At least a hundred blocks for every width a model has; wide ones read longer stretches.
template <class V, int Rows>
void launch_linear_of_width(const LinearShape& s, const V* x, const V* weight, const V* bias, V* y) {
  if (s.out >= 100 * 8 * kPack<V>) {
    launch_linear<V, Rows, 8>(s, x, weight, bias, y);
  } else if (s.out >= 100 * 4 * kPack<V>) {
    launch_linear<V, Rows, 4>(s, x, weight, bias, y);
  } else {
    launch_linear<V, Rows, 2>(s, x, weight, bias, y);
  }
}

}  // namespace

template <class T>
bool few_rows_linear(const LinearShape& s, std::span<const T> x, std::span<const T> weight,
                     std::span<const T> bias, std::span<T> y) {
  using V = ValueOf<T>;
  if (s.rows < 1 || s.rows > kFewRows || s.out % kPack<V> != 0 || !aligned_for_packs(raw(weight)))
    return false;
  const V* const offsets = bias.empty() ? nullptr : raw(bias);
  if (s.rows == 1) {
    launch_linear_of_width<V, 1>(s, raw(x), raw(weight), offsets, raw(y));
  } else {
    launch_linear_of_width<V, kFewRows>(s, raw(x), raw(weight), offsets, raw(y));
  }
  return true;
}

template <class T>
bool few_rows_table(const LinearShape& s, std::span<const T> x, std::span<const T> table, std::span<T> y) {
  using V = ValueOf<T>;
  if (s.rows < 1 || s.rows > kFewRows || s.in % kPack<V> != 0 || !aligned_for_packs(raw(x), raw(table)))
    return false;
  const auto kernel = s.rows == 1 ? table_kernel<V, 1> : table_kernel<V, kFewRows>;
  launch(kernel, blocks_for(s.out, kTableWarps), kTableWarps * kWarp, 0, compute_stream(), raw(x), raw(table),
         raw(y), static_cast<int>(s.rows), s.in, s.out);
  return true;
}

#define GPT_FEW_ROWS(T)                                                                        \
  template bool few_rows_linear<T>(const LinearShape&, std::span<const T>, std::span<const T>, \
                                   std::span<const T>, std::span<T>);                          \
  template bool few_rows_table<T>(const LinearShape&, std::span<const T>, std::span<const T>, std::span<T>);
GPT_FEW_ROWS(tensor::DeviceF32)
GPT_FEW_ROWS(tensor::DeviceBf16)
GPT_FEW_ROWS(tensor::DeviceF16)
#undef GPT_FEW_ROWS

}  // namespace gpt::ops::cuda
