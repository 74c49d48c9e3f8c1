#pragma once

#include <cstdint>
#include <span>

#include "libgpt/ops/gemm.hpp"
#include "libgpt/tensor/element.hpp"

namespace gpt::ops {

// y[rows, out] = x[rows, in] W[in, out] (+ bias[out]). W lies as Hugging Face's GPT-2 stores it.
struct LinearShape {
  std::int64_t rows, in, out;
};

// bias may be empty: the op that follows adds it.
template <class T>
void linear_forward(const LinearShape& shape, std::span<const T> x, std::span<const T> weight,
                    std::span<const T> bias, std::span<T> y);

// dx = dy W^T
template <class T>
void linear_backward_input(const LinearShape& shape, std::span<const T> dy, std::span<const T> weight,
                           std::span<T> dx);

// dW (+)= x^T dy, and d_bias (+)= column sums of dy
template <class T>
void linear_backward_weight(const LinearShape& shape, std::span<const T> x, std::span<const T> dy,
                            Product mode, std::span<tensor::SumOf<T>> d_weight,
                            std::span<tensor::SumOf<T>> d_bias);

// y[rows, out] = x[rows, in] V^T for a table V [out, in]: the token embedding used as output layer.
template <class T>
void table_forward(const LinearShape& shape, std::span<const T> x, std::span<const T> table, std::span<T> y);

// dx = dy V
template <class T>
void table_backward_input(const LinearShape& shape, std::span<const T> dy, std::span<const T> table,
                          std::span<T> dx);

// dV (+)= dy^T x
template <class T>
void table_backward_weight(const LinearShape& shape, std::span<const T> x, std::span<const T> dy,
                           Product mode, std::span<tensor::SumOf<T>> d_table);

}  // namespace gpt::ops
