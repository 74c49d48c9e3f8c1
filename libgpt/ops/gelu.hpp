#pragma once

#include <cstdint>
#include <span>

namespace gpt::ops {

// GELU in its tanh form ("gelu_new"), to 1e-6 of the exact value or better.
//   x += bias (kept for the backward pass); y = gelu(x); x and y [rows, columns]
template <class T>
void bias_gelu_forward(std::int64_t rows, std::int64_t columns, std::span<const T> bias, std::span<T> x,
                       std::span<T> y);

// dx = dy gelu'(x); dx may be dy.
template <class T>
void gelu_backward(std::span<const T> x, std::span<const T> dy, std::span<T> dx);

}  // namespace gpt::ops
