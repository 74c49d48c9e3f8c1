#pragma once

#include "libgpt/ops/cuda/attention_mask.hpp"
#include "libgpt/ops/cuda/attention_tile.hpp"

namespace gpt::ops::cuda {

// The running softmax of a warp's rows, in powers of two. `top` is what scores are taken relative to: at
// least their maximum so far - kSlack, so that sums have to be rescaled in few tiles only. Weights stay below
// 2^kSlack, which both 16-bit types hold as precisely as those below 1.
template <int kM>
struct RunningSoftmax {
  static constexpr float kSlack = 8;
  float top[kM][2], sum[kM][2];

  __device__ __forceinline__ void clear() {
#pragma unroll
    for (int m = 0; m < kM; ++m) {
#pragma unroll
      for (int half = 0; half < 2; ++half) {
        top[m][half] = -1e30F;  // finite: a row that has seen no key yet gets weights 0, not NaN
        sum[m][half] = 0;
      }
    }
  }

  // Scores become weights, of which each lane adds up its own; the sums of values in `out` are rescaled.
  template <int kN, int kOut>
  __device__ __forceinline__ void add(Accumulators<kM, kN>& scores, Accumulators<kM, kOut>& out,
                                      float scale) {
    float seen[kM][2];
    bool higher = false;
#pragma unroll
    for (int m = 0; m < kM; ++m) {
#pragma unroll
      for (int half = 0; half < 2; ++half) {
        float most = fmaxf(scores.at[m][0][2 * half], scores.at[m][0][2 * half + 1]);
#pragma unroll
        for (int n = 1; n < kN; ++n) {
          most = fmaxf(most, fmaxf(scores.at[m][n][2 * half], scores.at[m][n][2 * half + 1]));
        }
        most = fmaxf(most, __shfl_xor_sync(kAllLanes, most, 1));
        most = fmaxf(most, __shfl_xor_sync(kAllLanes, most, 2));
        seen[m][half] = most * scale;
        higher |= seen[m][half] > top[m][half] + kSlack;
      }
    }
    if (__any_sync(kAllLanes, higher)) rescale(seen, out);
    scores.each([&](int m, int, int half, int, float& score) {
      score = tensor::fast_exp2(score * scale - top[m][half]);
      sum[m][half] += score;
    });
  }

  // Completes the sums, of which each of four lanes has its part.
  __device__ __forceinline__ void finish() {
#pragma unroll
    for (int m = 0; m < kM; ++m) {
#pragma unroll
      for (int half = 0; half < 2; ++half) {
        sum[m][half] += __shfl_xor_sync(kAllLanes, sum[m][half], 1);
        sum[m][half] += __shfl_xor_sync(kAllLanes, sum[m][half], 2);
      }
    }
  }

 private:
  template <int kOut>
  __device__ __forceinline__ void rescale(const float (&seen)[kM][2], Accumulators<kM, kOut>& out) {
#pragma unroll
    for (int m = 0; m < kM; ++m) {
#pragma unroll
      for (int half = 0; half < 2; ++half) {
        const float next = fmaxf(top[m][half], seen[m][half]);
        const float by = tensor::fast_exp2(top[m][half] - next);
        top[m][half] = next;
        sum[m][half] *= by;
#pragma unroll
        for (int n = 0; n < kOut; ++n) {
          out.at[m][n][2 * half] *= by;
          out.at[m][n][2 * half + 1] *= by;
        }
      }
    }
  }
};

}  // namespace gpt::ops::cuda
