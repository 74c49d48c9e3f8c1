#pragma once

#include "libgpt/ops/cross_entropy.hpp"
#include "libgpt/ops/cuda/vector_access.hpp"

namespace gpt::ops::cuda {

// RowWeights as kernels take them.
struct RowWeightsOnDevice {
  const float* mask;  // or null
  double scale;

  __device__ __forceinline__ float of(i64 row) const {
    return static_cast<float>((mask == nullptr ? 1.0 : static_cast<double>(mask[row])) * scale);
  }
};

template <class T>
RowWeightsOnDevice on_device(const RowWeights<T>& weights) {
  return {tensor::raw(weights.mask), weights.scale};
}

}  // namespace gpt::ops::cuda
