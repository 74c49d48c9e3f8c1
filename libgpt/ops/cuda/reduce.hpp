#pragma once

// Sums over the threads of a warp and of a block, always in the same order.
#include "libgpt/tensor/cuda/language.hpp"

namespace gpt::ops::cuda {

constexpr int kWarp = 32;
constexpr unsigned kAllLanes = 0xFFFFFFFFu;

__device__ __forceinline__ int lane_index() { return static_cast<int>(threadIdx.x) % kWarp; }
__device__ __forceinline__ int warp_index() { return static_cast<int>(threadIdx.x) / kWarp; }

// The same in all lanes.
template <class N>
__device__ __forceinline__ N warp_sum(N x) {
#pragma unroll
  for (int by = kWarp / 2; by > 0; by /= 2) x += __shfl_xor_sync(kAllLanes, x, by);
  return x;
}

// Of a block of Warps warps, the same in all threads; scratch [Warps] is shared memory, free for other use
// when the call returns.
template <int Warps, class N>
__device__ __forceinline__ N block_sum(N x, N* scratch) {
  x = warp_sum(x);
  if (lane_index() == 0) scratch[warp_index()] = x;
  __syncthreads();
  const N sum = warp_sum(lane_index() < Warps ? scratch[lane_index()] : N{0});
  __syncthreads();
  return sum;
}

}  // namespace gpt::ops::cuda
