#pragma once

#include "libgpt/ops/cuda/attention_dropout.hpp"
#include "libgpt/ops/cuda/attention_mask.hpp"
#include "libgpt/ops/cuda/attention_tile.hpp"

// What becomes of the scores that a warp has in its accumulators where rows are queries and columns are keys.
namespace gpt::ops::cuda {

// Keys that a warp's queries first ... do not see, in a tile from `key` on, score minus infinity.
template <int kM, int kN>
__device__ __forceinline__ void hide_keys(Accumulators<kM, kN>& scores, const std::int32_t* attend_from,
                                          int first, int length, int key, int lane) {
  lane = opaque(lane);
#pragma unroll
  for (int m = 0; m < kM; ++m) {
#pragma unroll
    for (int half = 0; half < 2; ++half) {
      const int query = first + 16 * m + 8 * half + lane / 4;
      // Relative to the lane's first column, so that columns are constants.
      const int origin = key + 2 * (lane % 4);
      const int from = first_key_of(attend_from, min(query, length - 1)) - origin;
      const int last = query - origin;
#pragma unroll
      for (int n = 0; n < kN; ++n) {
#pragma unroll
        for (int e = 0; e < 2; ++e) {
          if (8 * n + e > last || 8 * n + e < from) scores.at[m][n][2 * half + e] = -INFINITY;
        }
      }
    }
  }
}

// Which keys of a tile from `key` on are dropped, for a warp's queries first ...: see dropped_keys; the two
// halves of 16 queries share a word.
template <int kM>
__device__ __forceinline__ void draw_dropped(std::uint32_t (&dropped)[kM], const ProbabilityDropout& dropout,
                                             HeadPlace place, int first, int key, int lane) {
  lane = opaque(lane);
#pragma unroll
  for (int m = 0; m < kM; ++m) {
    dropped[m] = 0;
#pragma unroll
    for (int half = 0; half < 2; ++half) {
      const DropoutRow row = dropout_row(dropout, place, first + 16 * m + 8 * half + lane / 4);
      dropped[m] |= dropped_keys(dropout.draw, row, key / kDropoutGroup, lane % 4) << (16 * half);
    }
  }
}

}  // namespace gpt::ops::cuda
