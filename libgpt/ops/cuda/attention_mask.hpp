#pragma once

#include <cstdint>

#include "libgpt/ops/cuda/reduce.hpp"

// Which keys a query sees: attend_from[query] .. query.
namespace gpt::ops::cuda {

__device__ __forceinline__ int first_key_of(const std::int32_t* attend_from, int query) {
  return attend_from == nullptr ? 0 : attend_from[query];
}

// The least and the greatest first key of some queries.
struct FirstKeys {
  int least, most;
};

// Of queries first .. first + 31 (those before `length`), asked by a whole warp.
__device__ __forceinline__ FirstKeys first_keys_of_warp(const std::int32_t* attend_from, int first,
                                                        int length, int lane) {
  if (attend_from == nullptr) return {0, 0};
  const bool there = first + lane < length;
  const int key = there ? attend_from[first + lane] : 0;
  return {__reduce_min_sync(kAllLanes, there ? key : length), __reduce_max_sync(kAllLanes, key)};
}

// The least of what the warps of a block give; `shared` has a place for each warp.
template <int kWarps>
__device__ __forceinline__ int least_of_block(int value, int* shared, int warp, int lane) {
  if (lane == 0) shared[warp] = value;
  __syncthreads();
  int least = shared[0];
#pragma unroll
  for (int i = 1; i < kWarps; ++i) least = min(least, shared[i]);
  return least;
}

}  // namespace gpt::ops::cuda
