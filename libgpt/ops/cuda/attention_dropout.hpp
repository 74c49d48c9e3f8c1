#pragma once

#include "libgpt/ops/cuda/attention_task.hpp"

namespace gpt::ops::cuda {

// One row of probabilities of a head (a query).
struct DropoutRow {
  std::uint64_t counter, sample;
};
__device__ __forceinline__ DropoutRow dropout_row(const ProbabilityDropout& dropout, HeadPlace place,
                                                  int query) {
  return {dropout_row_counter(dropout.first_head + place.head, query), dropout.samples[place.sequence]};
}

// A lane holds 16 of the 64 keys of a group in a row of accumulators: 8 n + 2 in + e for n < 8, e < 2 (in =
// lane % 4). They read every word of four blocks. Bit 2 n + e tells whether the key is dropped.
__device__ __forceinline__ u32 dropped_keys(const DropoutDraw& draw, const DropoutRow& row, int group,
                                            int in) {
  u32 bits = 0;
#pragma unroll
  for (int odd = 0; odd < 2; ++odd) {
#pragma unroll
    for (int e = 0; e < 2; ++e) {
      const int block = group * kDropoutLanes + odd * 8 + 2 * in + e;
      const DropoutWords words = dropout_words(draw, row.counter, static_cast<u32>(block), row.sample);
      const u32 first = 1u << (2 * odd + e);
#pragma unroll
      for (int word = 0; word < 4; ++word) {
        if (words.of[word] < draw.threshold) bits |= first << (4 * word);
      }
    }
  }
  return bits;
}

}  // namespace gpt::ops::cuda
