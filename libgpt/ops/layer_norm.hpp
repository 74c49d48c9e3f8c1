#pragma once

#include <cstdint>
#include <span>

#include "libgpt/ops/gemm.hpp"

namespace gpt::ops {

struct NormShape {
  std::int64_t rows, columns;
};

// y = (x - mean) / sqrt(variance + epsilon) * weight + bias over each row of x [rows, columns]. mean and
// inverse_deviation [rows] are kept for the backward pass.
template <class T>
void layer_norm_forward(const NormShape& shape, double epsilon, std::span<const T> x,
                        std::span<const T> weight, std::span<const T> bias, std::span<T> y, std::span<T> mean,
                        std::span<T> inverse_deviation);

// dx = residual + the gradient through the norm: the norm's input is also the residual stream, whose own
// gradient is `residual` (dx may be the same memory). d_weight, d_bias (+)= theirs.
template <class T>
void layer_norm_backward(const NormShape& shape, std::span<const T> dy, std::span<const T> x,
                         std::span<const T> weight, std::span<const T> mean,
                         std::span<const T> inverse_deviation, std::span<const T> residual, std::span<T> dx,
                         Product mode, std::span<T> d_weight, std::span<T> d_bias);

}  // namespace gpt::ops
