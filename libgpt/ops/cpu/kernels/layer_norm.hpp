#pragma once

#include "libgpt/ops/cpu/kernels/vector_math.hpp"

namespace gpt::ops::cpu {
namespace {

template <class T>
void layer_norm_forward(const T* x, const T* weight, const T* bias, T epsilon, T* y, T* mean,
                        T* inverse_deviation, i64 rows, i64 columns) {
  for (i64 r = 0; r < rows; ++r) {
    const T* const in = x + r * columns;
    T* const out = y + r * columns;
    T sum = 0;
#pragma omp simd reduction(+ : sum)
    for (i64 c = 0; c < columns; ++c) sum += in[c];
    const T center = sum / static_cast<T>(columns);
    T squares = 0;
#pragma omp simd reduction(+ : squares)
    for (i64 c = 0; c < columns; ++c) squares += (in[c] - center) * (in[c] - center);
    const T inverse = T{1} / square_root(squares / static_cast<T>(columns) + epsilon);
#pragma omp simd
    for (i64 c = 0; c < columns; ++c) out[c] = (in[c] - center) * inverse * weight[c] + bias[c];
    mean[r] = center;
    inverse_deviation[r] = inverse;
  }
}

// With n = (x - mean) / deviation and g = dy * weight:
//   dx = (g - mean(g) - n * mean(g n)) / deviation
template <class T>
void layer_norm_backward(const T* dy, const T* x, const T* weight, const T* mean, const T* inverse_deviation,
                         const T* residual_gradient, T* dx, T* d_weight, T* d_bias, i64 rows, i64 columns) {
  for (i64 r = 0; r < rows; ++r) {
    const T* const gradient = dy + r * columns;
    const T* const in = x + r * columns;
    const T* const residual = residual_gradient + r * columns;
    T* const out = dx + r * columns;
    const T center = mean[r];
    const T inverse = inverse_deviation[r];
    T sum = 0;
    T product = 0;
#pragma omp simd reduction(+ : sum, product)
    for (i64 c = 0; c < columns; ++c) {
      const T normed = (in[c] - center) * inverse;
      const T g = gradient[c] * weight[c];
      sum += g;
      product += g * normed;
      d_weight[c] += gradient[c] * normed;
      d_bias[c] += gradient[c];
    }
    sum /= static_cast<T>(columns);
    product /= static_cast<T>(columns);
#pragma omp simd
    for (i64 c = 0; c < columns; ++c) {
      const T normed = (in[c] - center) * inverse;
      out[c] = residual[c] + inverse * (gradient[c] * weight[c] - sum - normed * product);
    }
  }
}

}  // namespace
}  // namespace gpt::ops::cpu
