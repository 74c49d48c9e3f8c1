#include "libgpt/ops/cuda/layer_norm_row.hpp"
#include "libgpt/ops/layer_norm.hpp"
#include "libgpt/ops/layer_norm_check.hpp"

namespace gpt::ops {
namespace {

using namespace gpt::ops::cuda;
using tensor::raw;

template <class V>
struct NormForward {
  const V *x, *weight, *bias;
  V* y;
  float *mean, *inverse_deviation;
  i64 rows, columns;
  float epsilon;

  // Two passes over what is at hand: mean first, then squares of the distances from it.
  __device__ float inverse_of(float squares) const {
    return 1.0F / sqrtf(squares / static_cast<float>(columns) + epsilon);
  }
  __device__ void keep(i64 row, float center, float inverse) const {
    mean[row] = center;
    inverse_deviation[row] = inverse;
  }
};

// Moves twice the tensor: x is read, y written.
template <class V, class Row>
__global__ void __launch_bounds__(Row::kBlock) forward_in_registers(NormForward<V> p) {
  constexpr int kWidth = Row::kWidth;
  const i64 row = static_cast<i64>(blockIdx.x) * Row::kRows + threadIdx.x / Row::kThreads;
  if (row >= p.rows) return;  // a whole warp
  const int lane = static_cast<int>(threadIdx.x) % Row::kThreads;
  const int packs = static_cast<int>(p.columns) / kWidth;
  Pack<V, kWidth> x[Row::kPacks];
  float sum = 0;
#pragma unroll
  for (int k = 0; k < Row::kPacks; ++k)
    if (lane + k * Row::kThreads < packs)
      x[k] = load<V, kWidth>(p.x + row * p.columns + (lane + k * Row::kThreads) * kWidth);
#pragma unroll
  for (int k = 0; k < Row::kPacks; ++k) {
    if (lane + k * Row::kThreads >= packs) continue;
    const Floats<kWidth> values = floats<V, kWidth>(x[k]);
#pragma unroll
    for (int i = 0; i < kWidth; ++i) sum += values.at[i];
  }
  const float center = row_sums<Row>(make_float2(sum, 0)).x / static_cast<float>(p.columns);
  float squares = 0;
#pragma unroll
  for (int k = 0; k < Row::kPacks; ++k) {
    if (lane + k * Row::kThreads >= packs) continue;
    const Floats<kWidth> values = floats<V, kWidth>(x[k]);
#pragma unroll
    for (int i = 0; i < kWidth; ++i) squares += (values.at[i] - center) * (values.at[i] - center);
  }
  const float inverse = p.inverse_of(row_sums<Row>(make_float2(squares, 0)).x);
  if (lane == 0) p.keep(row, center, inverse);
#pragma unroll
  for (int k = 0; k < Row::kPacks; ++k) {
    if (lane + k * Row::kThreads >= packs) continue;
    const int column = (lane + k * Row::kThreads) * kWidth;
    const auto weight = load_floats<V, kWidth>(p.weight + column);
    const auto bias = load_floats<V, kWidth>(p.bias + column);
    Floats<kWidth> y = floats<V, kWidth>(x[k]);
#pragma unroll
    for (int i = 0; i < kWidth; ++i) y.at[i] = (y.at[i] - center) * inverse * weight.at[i] + bias.at[i];
    store_floats<V, kWidth>(p.y + row * p.columns + column, y);
  }
}

constexpr int kThreads = 256;
constexpr int kWarps = kThreads / kWarp;

// Of any size and anywhere in memory: a block a row, element by element.
template <class V>
__global__ void __launch_bounds__(kThreads) forward_in_passes(NormForward<V> p) {
  const i64 row = blockIdx.x;
  const V* const x = p.x + row * p.columns;
  GPT_SHARED(float[kWarps], scratch);
  float sum = 0;
  for (i64 c = threadIdx.x; c < p.columns; c += kThreads) sum += float_of(x[c]);
  const float center = block_sum<kWarps>(sum, scratch) / static_cast<float>(p.columns);
  float squares = 0;
  for (i64 c = threadIdx.x; c < p.columns; c += kThreads)
    squares += (float_of(x[c]) - center) * (float_of(x[c]) - center);
  const float inverse = p.inverse_of(block_sum<kWarps>(squares, scratch));
  if (threadIdx.x == 0) p.keep(row, center, inverse);
  for (i64 c = threadIdx.x; c < p.columns; c += kThreads) {
    const float y = (float_of(x[c]) - center) * inverse * float_of(p.weight[c]) + float_of(p.bias[c]);
    p.y[row * p.columns + c] = element_of<V>(y);
  }
}

}  // namespace

template <class T>
void layer_norm_forward(const NormShape& s, double epsilon, std::span<const T> x, std::span<const T> weight,
                        std::span<const T> bias, std::span<T> y, std::span<tensor::SumOf<T>> mean,
                        std::span<tensor::SumOf<T>> inverse_deviation) {
  check_layer_norm(s, x, weight, bias, y, mean, inverse_deviation);
  using V = tensor::ValueOf<T>;
  const NormForward<V> p{raw(x), raw(weight), raw(bias),
                         raw(y), raw(mean),   raw(inverse_deviation),
                         s.rows, s.columns,   static_cast<float>(epsilon)};
  const tensor::Stream stream = tensor::compute_stream();
  const bool done =
      with_row_in_registers<V>(aligned_for_packs(p.x, p.weight, p.bias, p.y), s.columns, [&](auto row) {
        using Row = decltype(row);
        tensor::launch(forward_in_registers<V, Row>, blocks_for(s.rows, Row::kRows), Row::kBlock, 0, stream,
                       p);
      });
  if (!done) tensor::launch(forward_in_passes<V>, s.rows, kThreads, 0, stream, p);
}

#define GPT_INSTANTIATE(T)                                                                              \
  template void layer_norm_forward<T>(const NormShape&, double, std::span<const T>, std::span<const T>, \
                                      std::span<const T>, std::span<T>, std::span<tensor::SumOf<T>>,    \
                                      std::span<tensor::SumOf<T>>);
GPT_INSTANTIATE(tensor::DeviceF32)
GPT_INSTANTIATE(tensor::DeviceBf16)
GPT_INSTANTIATE(tensor::DeviceF16)
#undef GPT_INSTANTIATE

}  // namespace gpt::ops
