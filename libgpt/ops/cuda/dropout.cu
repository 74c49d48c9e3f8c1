#include <algorithm>

#include "libgpt/ops/cuda/dropout_bits.hpp"
#include "libgpt/ops/cuda/elementwise.hpp"
#include "libgpt/ops/dropout.hpp"
#include "libgpt/ops/dropout_check.hpp"
#include "libgpt/tensor/copy.hpp"

namespace gpt::ops {
namespace {

using namespace gpt::ops::cuda;
using tensor::raw;

constexpr int kThreads = 256;

// y = residual + dropout(x + bias), or without the two of them.
template <class V>
struct DropoutOperands {
  const V *x, *bias, *residual;
  V* y;
};

// Where the rows of x stand in training.
struct RowPlaces {
  i64 columns, length, first_row;
  const std::uint64_t* samples;
};

enum class Around { nothing, bias_and_residual };

// A thread has Width lanes of a group of 64 columns: Width elements at each of the four places that these
// lanes' counters serve. So every word drawn is used, and four neighbouring accesses share a cache line.
// Moves twice the tensor (x, y), or three times (and residual); all operands may be the same memory as y,
// since a thread reads all that it writes before it writes.
template <class V, int Width, Around A>
__global__ void __launch_bounds__(kThreads)
    dropout_kernel(DropoutOperands<V> p, RowPlaces places, DropoutDraw draw, i64 units, u32 units_each_row) {
  const i64 unit = static_cast<i64>(blockIdx.x) * kThreads + static_cast<i64>(threadIdx.x);
  if (unit >= units) return;
  constexpr u32 kUnitsEachGroup = kDropoutLanes / Width;
  const i64 row = static_cast<u32>(unit) / units_each_row;
  const u32 unit_of_row = static_cast<u32>(unit) - static_cast<u32>(row) * units_each_row;
  const u32 group = unit_of_row / kUnitsEachGroup;
  const u32 lane = unit_of_row % kUnitsEachGroup * Width;
  const i64 column = i64{group} * kDropoutGroup + lane;
  const i64 at = row * places.columns + column;

  // Of the four places, those within the row.
  const i64 places_left = (places.columns - column + kDropoutLanes - 1) / kDropoutLanes;
  Pack<V, Width> x[4], residual[4];
#pragma unroll
  for (int k = 0; k < 4; ++k) {
    if (k >= places_left) continue;
    x[k] = load<V, Width>(p.x + at + k * kDropoutLanes);
    if constexpr (A == Around::bias_and_residual)
      residual[k] = load<V, Width>(p.residual + at + k * kDropoutLanes);
  }
  const u32 global = static_cast<u32>(places.first_row + row);
  const u32 sequence = global / static_cast<u32>(places.length);
  const u32 position = global - sequence * static_cast<u32>(places.length);
  const std::uint64_t counter = dropout_row_counter(0, position);
  const std::uint64_t sample = places.samples[sequence];
  // One bit for each element dropped: far fewer registers than the words would take, if no more than two
  // lanes' are drawn at once.
  u32 dropped = 0;
#pragma unroll 2
  for (u32 i = 0; i < Width; ++i) {
    const auto words = dropout_words(draw, counter, group * kDropoutLanes + lane + i, sample);
    u32 of_lane = 0;
#pragma unroll
    for (int k = 0; k < 4; ++k) of_lane |= words.of[k] < draw.threshold ? 1u << (k * Width) : 0u;
    dropped |= of_lane << i;
  }
  const auto factor = [&](int bit) { return (dropped >> bit & 1u) != 0 ? 0.0F : draw.scale; };
#pragma unroll
  for (int k = 0; k < 4; ++k) {
    if (k >= places_left) continue;
    Floats<Width> y = floats<V, Width>(x[k]);
    if constexpr (A == Around::bias_and_residual) {
      const auto bias = load_floats<V, Width>(p.bias + column + k * kDropoutLanes);
      const auto add = floats<V, Width>(residual[k]);
#pragma unroll
      for (int i = 0; i < Width; ++i) y.at[i] = add.at[i] + (y.at[i] + bias.at[i]) * factor(k * Width + i);
    } else {
#pragma unroll
      for (int i = 0; i < Width; ++i) y.at[i] *= factor(k * Width + i);
    }
    store_whole<V, Width>(p.y + at + k * kDropoutLanes, packed<V, Width>(y));
  }
}

// Without dropout. Moves three times the tensor: x and residual are read, y written.
template <class V>
struct BiasAdd {
  DropoutOperands<V> p;
  i64 columns;

  template <int Width>
  struct Loaded {
    Pack<V, Width> x, residual;
  };
  template <int Width>
  __device__ Loaded<Width> load(i64 at) const {
    return {cuda::load<V, Width>(p.x + at), cuda::load<V, Width>(p.residual + at)};
  }
  template <int Width>
  __device__ void finish(i64 at, const Loaded<Width>& loaded) const {
    const auto bias = load_floats<V, Width>(p.bias + column_of<Width>(at, columns));
    const auto x = floats<V, Width>(loaded.x);
    Floats<Width> y = floats<V, Width>(loaded.residual);
#pragma unroll
    for (int i = 0; i < Width; ++i) y.at[i] += x.at[i] + bias.at[i];
    store_floats<V, Width>(p.y + at, y);
  }
};

template <class V>
bool in_packs(const DropoutOperands<V>& p, i64 columns) {
  return columns % kPack<V> == 0 && aligned_for_packs(p.x, p.bias, p.residual, p.y);
}

template <Around A, class T>
void launch_dropout(const DropoutRows<T>& rows, const Dropout& dropout,
                    const DropoutOperands<tensor::ValueOf<T>>& operands) {
  using V = tensor::ValueOf<T>;
  const RowPlaces places{rows.columns, rows.length, rows.first_row, raw(rows.samples)};
  with_width<kPack<V>>(in_packs(operands, rows.columns), [&](auto width) {
    const i64 units_each_row = blocks_for(rows.columns, kDropoutGroup) * (kDropoutLanes / width());
    // Few enough that a unit's number has 32 bits.
    const i64 rows_each = 0xFFFFFFFF / units_each_row;
    for (i64 first = 0; first < rows.rows; first += rows_each) {
      const i64 units = std::min(rows.rows - first, rows_each) * units_each_row;
      RowPlaces part = places;
      part.first_row += first;
      DropoutOperands<V> from = operands;
      from.x += first * rows.columns;
      from.y += first * rows.columns;
      if constexpr (A == Around::bias_and_residual) from.residual += first * rows.columns;
      tensor::launch(dropout_kernel<V, width(), A>, blocks_for(units, kThreads), kThreads, 0,
                     tensor::compute_stream(), from, part, dropout_draw(dropout), units,
                     static_cast<u32>(units_each_row));
    }
  });
}

}  // namespace

template <class T>
void dropout(const DropoutRows<T>& rows, const Dropout& dropout, std::span<const T> x, std::span<T> y) {
  check_dropout(rows, dropout, "dropout", x.size(), y.size());
  if (dropout.active()) {
    launch_dropout<Around::nothing>(rows, dropout, {raw(x), nullptr, nullptr, raw(y)});
  } else {
    tensor::copy<T>(x, y);
  }
}

template <class T>
void bias_dropout_add(const DropoutRows<T>& rows, const Dropout& dropout, std::span<const T> x,
                      std::span<const T> bias, std::span<const T> residual, std::span<T> y) {
  check_bias_dropout_add(rows, dropout, x.size(), bias.size(), residual.size(), y.size());
  using V = tensor::ValueOf<T>;
  const DropoutOperands<V> operands{raw(x), raw(bias), raw(residual), raw(y)};
  if (dropout.active()) {
    launch_dropout<Around::bias_and_residual>(rows, dropout, operands);
    return;
  }
  const BiasAdd<V> op{operands, rows.columns};
  with_width<kPack<V>>(in_packs(operands, rows.columns),
                       [&](auto width) { launch_elementwise<width(), 1>(op, rows.rows * rows.columns); });
}

#define GPT_INSTANTIATE(T)                                                                           \
  template void dropout<T>(const DropoutRows<T>&, const Dropout&, std::span<const T>, std::span<T>); \
  template void bias_dropout_add<T>(const DropoutRows<T>&, const Dropout&, std::span<const T>,       \
                                    std::span<const T>, std::span<const T>, std::span<T>);
GPT_INSTANTIATE(tensor::DeviceF32)
GPT_INSTANTIATE(tensor::DeviceBf16)
GPT_INSTANTIATE(tensor::DeviceF16)
#undef GPT_INSTANTIATE

}  // namespace gpt::ops
