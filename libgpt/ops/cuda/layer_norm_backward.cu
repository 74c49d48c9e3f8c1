#include <algorithm>

#include "libgpt/ops/cuda/layer_norm_row.hpp"
#include "libgpt/ops/layer_norm.hpp"
#include "libgpt/ops/layer_norm_check.hpp"
#include "libgpt/tensor/device.hpp"

// With n = (x - mean) / deviation and g = dy * weight, of a row:
//   dx = residual + (g - mean(g) - n * mean(g n)) / deviation
//   d_weight += dy n;  d_bias += dy
// Blocks sum d_weight and d_bias over rows of their own into parts [blocks, 2, columns]; a second kernel adds
// the parts up in their order.
namespace gpt::ops {
namespace {

using namespace gpt::ops::cuda;
using tensor::raw;

template <class V>
struct NormBackward {
  const V *dy, *x, *weight;
  const float *mean, *inverse_deviation;
  const V* residual;
  V* dx;  // may be residual
  float* parts;
  i64 rows, columns;
};

// Moves four times the tensor: dy, x and residual are read, dx written; the parts are a small share of it.
// Blocks take rows in turn. The sums of a thread's columns stay in its registers.
template <class V, class Row>
__global__ void __launch_bounds__(Row::kBlock, Row::kBlock == 512 ? 1 : 512 / Row::kBlock)
    backward_in_registers(NormBackward<V> p) {
  constexpr int kWidth = Row::kWidth;
  // Where a thread has many elements there is no room for a third piece to lie ready.
  constexpr bool kResidualAhead = Row::kPacks * kWidth < 32;
  const int lane = static_cast<int>(threadIdx.x) % Row::kThreads;
  const int packs = static_cast<int>(p.columns) / kWidth;
  Floats<kWidth> d_weight[Row::kPacks] = {}, d_bias[Row::kPacks] = {};
  for (i64 row = static_cast<i64>(blockIdx.x) * Row::kRows + threadIdx.x / Row::kThreads; row < p.rows;
       row += static_cast<i64>(gridDim.x) * Row::kRows) {
    const i64 first = row * p.columns + lane * kWidth;
    Pack<V, kWidth> dy[Row::kPacks], x[Row::kPacks], residual[Row::kPacks];
#pragma unroll
    for (int k = 0; k < Row::kPacks; ++k) {
      if (lane + k * Row::kThreads >= packs) continue;
      dy[k] = load<V, kWidth>(p.dy + first + k * Row::kThreads * kWidth);
      x[k] = load<V, kWidth>(p.x + first + k * Row::kThreads * kWidth);
      if constexpr (kResidualAhead)
        residual[k] = load<V, kWidth>(p.residual + first + k * Row::kThreads * kWidth);
    }
    const float center = p.mean[row];
    const float inverse = p.inverse_deviation[row];
    float2 sums = make_float2(0, 0);  // of g, and of g n
#pragma unroll
    for (int k = 0; k < Row::kPacks; ++k) {
      if (lane + k * Row::kThreads >= packs) continue;
      const auto weight = load_floats<V, kWidth>(p.weight + (lane + k * Row::kThreads) * kWidth);
      const auto gradient = floats<V, kWidth>(dy[k]);
      const auto in = floats<V, kWidth>(x[k]);
#pragma unroll
      for (int i = 0; i < kWidth; ++i) {
        const float normed = (in.at[i] - center) * inverse;
        const float g = gradient.at[i] * weight.at[i];
        sums.x += g;
        sums.y += g * normed;
        d_weight[k].at[i] += gradient.at[i] * normed;
        d_bias[k].at[i] += gradient.at[i];
      }
    }
    sums = row_sums<Row>(sums);
    const float mean_g = sums.x / static_cast<float>(p.columns);
    const float mean_gn = sums.y / static_cast<float>(p.columns);
#pragma unroll
    for (int k = 0; k < Row::kPacks; ++k) {
      if (lane + k * Row::kThreads >= packs) continue;
      const auto weight = load_floats<V, kWidth>(p.weight + (lane + k * Row::kThreads) * kWidth);
      const auto gradient = floats<V, kWidth>(dy[k]);
      const auto in = floats<V, kWidth>(x[k]);
      if constexpr (!kResidualAhead)
        residual[k] = load<V, kWidth>(p.residual + first + k * Row::kThreads * kWidth);
      Floats<kWidth> out = floats<V, kWidth>(residual[k]);
#pragma unroll
      for (int i = 0; i < kWidth; ++i) {
        const float normed = (in.at[i] - center) * inverse;
        out.at[i] += inverse * (gradient.at[i] * weight.at[i] - mean_g - normed * mean_gn);
      }
      store_floats<V, kWidth>(p.dx + first + k * Row::kThreads * kWidth, out);
    }
  }
  // The block's warps add their sums in turn, where each has rows of its own.
  float* const part = p.parts + static_cast<i64>(blockIdx.x) * 2 * p.columns;
  GPT_DYNAMIC_SHARED(float, total);
#pragma unroll
  for (int turn = 0; turn < Row::kRows; ++turn) {
    const bool last = turn + 1 == Row::kRows;
    if (static_cast<int>(threadIdx.x) / Row::kThreads == turn) {
#pragma unroll
      for (int k = 0; k < Row::kPacks; ++k) {
        if (lane + k * Row::kThreads >= packs) continue;
        const int column = (lane + k * Row::kThreads) * kWidth;
        if constexpr (Row::kRows > 1) {
          if (turn > 0) {
            const auto weight = load_floats<float, kWidth>(total + column);
            const auto bias = load_floats<float, kWidth>(total + p.columns + column);
#pragma unroll
            for (int i = 0; i < kWidth; ++i) {
              d_weight[k].at[i] += weight.at[i];
              d_bias[k].at[i] += bias.at[i];
            }
          }
        }
        store_floats<float, kWidth>((last ? part : total) + column, d_weight[k]);
        store_floats<float, kWidth>((last ? part : total) + p.columns + column, d_bias[k]);
      }
    }
    if (!last) __syncthreads();
  }
}

constexpr int kThreads = 256;
constexpr int kWarps = kThreads / kWarp;

// dx, of any size and anywhere in memory: a block a row, element by element.
template <class V>
__global__ void __launch_bounds__(kThreads) input_in_passes(NormBackward<V> p) {
  const i64 row = blockIdx.x;
  const i64 first = row * p.columns;
  const float center = p.mean[row];
  const float inverse = p.inverse_deviation[row];
  GPT_SHARED(float[kWarps], scratch);
  float sum = 0, product = 0;
  for (i64 c = threadIdx.x; c < p.columns; c += kThreads) {
    const float g = float_of(p.dy[first + c]) * float_of(p.weight[c]);
    sum += g;
    product += g * (float_of(p.x[first + c]) - center) * inverse;
  }
  sum = block_sum<kWarps>(sum, scratch) / static_cast<float>(p.columns);
  product = block_sum<kWarps>(product, scratch) / static_cast<float>(p.columns);
  for (i64 c = threadIdx.x; c < p.columns; c += kThreads) {
    const float g = float_of(p.dy[first + c]) * float_of(p.weight[c]);
    const float normed = (float_of(p.x[first + c]) - center) * inverse;
    p.dx[first + c] = element_of<V>(float_of(p.residual[first + c]) + inverse * (g - sum - normed * product));
  }
}

// The parts, of any size and anywhere in memory: a thread a column (blockIdx.x), rows in turn (blockIdx.y).
template <class V>
__global__ void __launch_bounds__(kThreads) parts_in_passes(NormBackward<V> p) {
  const i64 column = static_cast<i64>(blockIdx.x) * kThreads + threadIdx.x;
  if (column >= p.columns) return;
  float d_weight = 0, d_bias = 0;
  for (i64 row = blockIdx.y; row < p.rows; row += gridDim.y) {
    const float gradient = float_of(p.dy[row * p.columns + column]);
    d_weight += gradient * (float_of(p.x[row * p.columns + column]) - p.mean[row]) * p.inverse_deviation[row];
    d_bias += gradient;
  }
  float* const part = p.parts + static_cast<i64>(blockIdx.y) * 2 * p.columns;
  part[column] = d_weight;
  part[p.columns + column] = d_bias;
}

// A warp's width of columns a block, whose warps take parts in turn; then their sums are added in order.
template <Product Mode>
__global__ void __launch_bounds__(kThreads)
    add_parts(const float* parts, i64 count, i64 columns, float* d_weight, float* d_bias) {
  const i64 column = static_cast<i64>(blockIdx.x) * kWarp + lane_index();  // of both, side by side
  float sum = 0;
  if (column < 2 * columns) {
#pragma unroll 4
    for (i64 i = warp_index(); i < count; i += kWarps) sum += parts[i * 2 * columns + column];
  }
  GPT_SHARED(float[kWarps][kWarp], sums);
  sums[warp_index()][lane_index()] = sum;
  __syncthreads();
  if (warp_index() != 0 || column >= 2 * columns) return;
  for (int warp = 1; warp < kWarps; ++warp) sum += sums[warp][lane_index()];
  float* const to = column < columns ? d_weight + column : d_bias + (column - columns);
  *to = Mode == Product::add ? *to + sum : sum;
}

// Blocks that make parts: enough to fill 132 multiprocessors at 512 threads each, and each with 16 rows or
// more, where there are so many, so that the parts stay small beside the tensors.
i64 parts_for(i64 rows, i64 block) {
  return std::clamp<i64>(rows / 16, 1, 132 * std::max<i64>(512 / block, 1));
}

}  // namespace

template <class T>
void layer_norm_backward(const NormShape& s, std::span<const T> dy, std::span<const T> x,
                         std::span<const T> weight, std::span<const tensor::SumOf<T>> mean,
                         std::span<const tensor::SumOf<T>> inverse_deviation, std::span<const T> residual,
                         std::span<T> dx, Product mode, std::span<tensor::SumOf<T>> d_weight,
                         std::span<tensor::SumOf<T>> d_bias) {
  check_layer_norm_backward(s, dy, x, weight, mean, inverse_deviation, residual, dx, d_weight, d_bias);
  using V = tensor::ValueOf<T>;
  const auto workspace = [&](i64 parts) {
    return reinterpret_cast<float*>(
        tensor::device().workspace(static_cast<std::size_t>(parts * 2 * s.columns) * sizeof(float)));
  };
  NormBackward<V> p{raw(dy),       raw(x),  raw(weight), raw(mean), raw(inverse_deviation),
                    raw(residual), raw(dx), nullptr,     s.rows,    s.columns};
  const tensor::Stream stream = tensor::compute_stream();
  i64 parts = 0;
  const bool done = with_row_in_registers<V>(
      aligned_for_packs(p.dy, p.x, p.weight, p.residual, p.dx), s.columns, [&](auto row) {
        using Row = decltype(row);
        parts = parts_for(s.rows, Row::kBlock);
        p.parts = workspace(parts);
        const auto shared = Row::kRows > 1 ? static_cast<std::size_t>(2 * s.columns) * sizeof(float) : 0;
        tensor::launch(backward_in_registers<V, Row>, parts, Row::kBlock, shared, stream, p);
      });
  if (!done) {
    parts = parts_for(s.rows, 128);
    p.parts = workspace(parts);
    const dim3 grid(static_cast<unsigned>(blocks_for(s.columns, kThreads)), static_cast<unsigned>(parts));
    tensor::launch(parts_in_passes<V>, grid, kThreads, 0, stream, p);
    tensor::launch(input_in_passes<V>, s.rows, kThreads, 0, stream, p);
  }
  tensor::launch(mode == Product::add ? add_parts<Product::add> : add_parts<Product::replace>,
                 blocks_for(2 * s.columns, kWarp), kThreads, 0, stream, p.parts, parts, s.columns,
                 raw(d_weight), raw(d_bias));
}

#define GPT_INSTANTIATE(T)                                                                                  \
  template void layer_norm_backward<T>(const NormShape&, std::span<const T>, std::span<const T>,            \
                                       std::span<const T>, std::span<const tensor::SumOf<T>>,               \
                                       std::span<const tensor::SumOf<T>>, std::span<const T>, std::span<T>, \
                                       Product, std::span<tensor::SumOf<T>>, std::span<tensor::SumOf<T>>);
GPT_INSTANTIATE(tensor::DeviceF32)
GPT_INSTANTIATE(tensor::DeviceBf16)
GPT_INSTANTIATE(tensor::DeviceF16)
#undef GPT_INSTANTIATE

}  // namespace gpt::ops
