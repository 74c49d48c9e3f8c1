#pragma once

#include "libgpt/ops/cpu/kernels/vector_math.hpp"
#include "libgpt/ops/philox_round.hpp"

namespace gpt::ops::cpu {
namespace {

// Columns that share 16 counters: see ops::Dropout.
constexpr i64 kMaskGroup = 64;

// The factors (0 or scale) of columns [64 g, 64 g + 64) of a row.
template <class T>
inline void mask_group(const DropoutRow& row, i64 group, T* mask) {
  const std::uint64_t low = row.row_counter + static_cast<std::uint64_t>(group) * 16;
  std::uint32_t c0[16], c1[16], c2[16], c3[16];
  for (int lane = 0; lane < 16; ++lane) {
    // Blocks lie in the low 20 bits and a group starts at a multiple of 16: no carry.
    c0[lane] = static_cast<std::uint32_t>(low) + static_cast<std::uint32_t>(lane);
    c1[lane] = static_cast<std::uint32_t>(low >> 32);
    c2[lane] = static_cast<std::uint32_t>(row.sample);
    c3[lane] = static_cast<std::uint32_t>(row.sample >> 32);
  }
  auto key0 = static_cast<std::uint32_t>(row.key);
  auto key1 = static_cast<std::uint32_t>(row.key >> 32);
  for (int round = 0; round < kPhiloxRounds; ++round) {
#pragma omp simd
    for (int lane = 0; lane < 16; ++lane) {
      philox_round(c0[lane], c1[lane], c2[lane], c3[lane], key0, key1);
    }
    key0 += kPhiloxKeyStep0;
    key1 += kPhiloxKeyStep1;
  }
  const T scale = static_cast<T>(row.scale);
  const std::uint32_t threshold = row.threshold;
#pragma omp simd
  for (int lane = 0; lane < 16; ++lane) {
    mask[lane] = c0[lane] < threshold ? T{0} : scale;
    mask[16 + lane] = c1[lane] < threshold ? T{0} : scale;
    mask[32 + lane] = c2[lane] < threshold ? T{0} : scale;
    mask[48 + lane] = c3[lane] < threshold ? T{0} : scale;
  }
}

// Calls body(first column, number of columns, mask) for each group of a row.
template <class T, class Body>
inline __attribute__((always_inline)) void for_each_mask_group(const DropoutRow& row, i64 columns,
                                                               Body body) {
  T mask[kMaskGroup];
  for (i64 first = 0; first < columns; first += kMaskGroup) {
    mask_group(row, first / kMaskGroup, mask);
    body(first, columns - first < kMaskGroup ? columns - first : kMaskGroup, mask);
  }
}

// The row counter of the row `by` further down.
inline DropoutRow next_row(const DropoutRow& row, i64 by) {
  DropoutRow next = row;
  next.row_counter += static_cast<std::uint64_t>(by) << 20;
  return next;
}

}  // namespace
}  // namespace gpt::ops::cpu
