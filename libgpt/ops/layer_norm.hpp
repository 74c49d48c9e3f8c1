#pragma once

#include <cstdint>
#include <span>

#include "libgpt/ops/gemm.hpp"
#include "libgpt/tensor/element.hpp"

namespace gpt::ops {

struct NormShape {
  std::int64_t rows, columns;
};

// y = (x - mean) / sqrt(variance + epsilon) * weight + bias over each row of x [rows, columns]. mean and
// inverse_deviation [rows] are kept for the backward pass.
template <class T>
void layer_norm_forward(const NormShape& shape, double epsilon, std::span<const T> x,
                        std::span<const T> weight, std::span<const T> bias, std::span<T> y,
                        std::span<tensor::SumOf<T>> mean, std::span<tensor::SumOf<T>> inverse_deviation);

// dx = residual + the gradient through the norm: the norm's input is also the residual stream, whose own
// gradient is `residual` (dx may be the same memory). d_weight, d_bias (+)= theirs.
template <class T>
void layer_norm_backward(const NormShape& shape, std::span<const T> dy, std::span<const T> x,
                         std::span<const T> weight, std::span<const tensor::SumOf<T>> mean,
                         std::span<const tensor::SumOf<T>> inverse_deviation, std::span<const T> residual,
                         std::span<T> dx, Product mode, std::span<tensor::SumOf<T>> d_weight,
                         std::span<tensor::SumOf<T>> d_bias);

}  // namespace gpt::ops
