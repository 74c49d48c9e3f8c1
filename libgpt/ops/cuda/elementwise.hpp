#pragma once

// Ops that take each element by itself.
#include <stdexcept>

#include "libgpt/ops/cuda/grid.hpp"
#include "libgpt/ops/cuda/vector_access.hpp"

namespace gpt::ops::cuda {

constexpr int kElementwiseThreads = 256;

// Work on [0, count) elements, Width at once and Packs times: what is read is under way together before the
// first is worked on. Elementwise is a struct with
//   template <int Width> __device__ Loaded load(i64 at) const;               elements [at, at + Width)
//   template <int Width> __device__ void finish(i64 at, const Loaded&) const;
// What does not fill a pack at the end goes element by element.
template <int Width, int Packs, class Elementwise>
__global__ void __launch_bounds__(kElementwiseThreads) elementwise_kernel(Elementwise op, i64 count) {
  const i64 stride = i64{kElementwiseThreads} * Width;
  const i64 first = static_cast<i64>(blockIdx.x) * Packs * stride + static_cast<i64>(threadIdx.x) * Width;
  decltype(op.template load<Width>(0)) loaded[Packs];
#pragma unroll
  for (int k = 0; k < Packs; ++k) {
    const i64 at = first + k * stride;
    if (at + Width <= count) loaded[k] = op.template load<Width>(at);
  }
#pragma unroll
  for (int k = 0; k < Packs; ++k) {
    const i64 at = first + k * stride;
    if (at + Width <= count) {
      op.template finish<Width>(at, loaded[k]);
    } else {
#pragma unroll 1
      for (i64 i = at; i < count; ++i) op.template finish<1>(i, op.template load<1>(i));
    }
  }
}

template <int Width, int Packs, class Elementwise>
void launch_elementwise(const Elementwise& op, i64 count) {
  tensor::launch(elementwise_kernel<Width, Packs, Elementwise>,
                 blocks_for(count, i64{kElementwiseThreads} * Width * Packs), kElementwiseThreads, 0,
                 tensor::compute_stream(), op, count);
}

// The column of element `at` of a matrix of `columns`, which are a multiple of Width where that is not 1.
// 32-bit division is several times cheaper; 2^32 packs are 64 GiB.
template <int Width>
__device__ __forceinline__ i64 column_of(i64 at, i64 columns) {
  if constexpr (Width == 1) {
    return at % columns;
  } else {
    return static_cast<i64>(static_cast<u32>(at / Width) % static_cast<u32>(columns / Width)) * Width;
  }
}

}  // namespace gpt::ops::cuda
