#pragma once

// Dropout's random words as kernels draw them: the same as on the CPU, see ops::Dropout.
#include "libgpt/ops/cuda/vector_access.hpp"
#include "libgpt/ops/philox.hpp"
#include "libgpt/ops/philox_round.hpp"

namespace gpt::ops::cuda {

// A Dropout as kernels take it.
struct DropoutDraw {
  u32 key0, key1;
  u32 threshold;  // words below are dropped
  float scale;    // of what is kept
};

inline DropoutDraw dropout_draw(const Dropout& dropout) {
  return {static_cast<u32>(dropout.key), static_cast<u32>(dropout.key >> 32), dropout.threshold(),
          dropout.scale()};
}

// Columns 64 g + lane + {0, 16, 32, 48} of a row take the four words of block 16 g + lane.
constexpr int kDropoutGroup = 64;
constexpr int kDropoutLanes = 16;

struct DropoutWords {
  u32 of[4];
};

// The words of block `block` of a row, whose low counter of block 0 is row_counter.
__device__ __forceinline__ DropoutWords dropout_words(const DropoutDraw& draw, std::uint64_t row_counter,
                                                      u32 block, std::uint64_t sample) {
  // Blocks lie in the low 20 bits: no carry.
  u32 c0 = static_cast<u32>(row_counter) + block;
  u32 c1 = static_cast<u32>(row_counter >> 32);
  u32 c2 = static_cast<u32>(sample);
  u32 c3 = static_cast<u32>(sample >> 32);
  u32 key0 = draw.key0, key1 = draw.key1;
#pragma unroll
  for (int round = 0; round < kPhiloxRounds; ++round) {
    philox_round(c0, c1, c2, c3, key0, key1);
    key0 += kPhiloxKeyStep0;
    key1 += kPhiloxKeyStep1;
  }
  return {{c0, c1, c2, c3}};
}

__device__ __forceinline__ float dropout_factor(const DropoutDraw& draw, u32 word) {
  return word < draw.threshold ? 0.0F : draw.scale;
}

// The low counter of block 0 of (plane, row).
__device__ __forceinline__ std::uint64_t dropout_row_counter(i64 plane, i64 row) {
  return static_cast<std::uint64_t>((plane * kDropoutExtent + row) * kDropoutExtent);
}

}  // namespace gpt::ops::cuda
