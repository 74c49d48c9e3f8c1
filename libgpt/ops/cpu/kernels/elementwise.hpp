#pragma once

#include "libgpt/ops/cpu/kernels/dropout_mask.hpp"
#include "libgpt/ops/cpu/kernels/vector_math.hpp"

namespace gpt::ops::cpu {
namespace {

template <class T>
void add_bias(T* y, const T* bias, i64 rows, i64 columns) {
  for (i64 r = 0; r < rows; ++r) {
    T* const row = y + r * columns;
#pragma omp simd
    for (i64 c = 0; c < columns; ++c) row[c] += bias[c];
  }
}

// gelu(x) = x / 2 (1 + tanh u) with u = sqrt(2 / pi) (x + 0.044715 x^3), which is x sigmoid(2u): no
// cancellation for negative x.
template <class T>
struct Gelu {
  static constexpr T kTwoRoot = static_cast<T>(2 * 0.79788456080286535588);
  static constexpr T kCubic = static_cast<T>(0.044715);

  static inline __attribute__((always_inline)) T gate(T x) {
    return T{1} / (T{1} + exponential_of(-kTwoRoot * (x + kCubic * x * x * x)));
  }
  static inline __attribute__((always_inline)) T slope(T x) {
    const T s = gate(x);
    return s + x * s * (T{1} - s) * kTwoRoot * (T{1} + T{3} * kCubic * x * x);
  }
};

template <class T>
void gelu_forward(const T* x, T* y, i64 count) {
#pragma omp simd
  for (i64 i = 0; i < count; ++i) y[i] = x[i] * Gelu<T>::gate(x[i]);
}

template <class T>
void bias_gelu_forward(T* x, const T* bias, T* y, i64 rows, i64 columns) {
  for (i64 r = 0; r < rows; ++r) {
    T* const in = x + r * columns;
    T* const out = y + r * columns;
#pragma omp simd
    for (i64 c = 0; c < columns; ++c) {
      const T value = in[c] + bias[c];
      in[c] = value;
      out[c] = value * Gelu<T>::gate(value);
    }
  }
}

template <class T>
void gelu_backward(const T* x, const T* dy, T* dx, i64 count) {
#pragma omp simd
  for (i64 i = 0; i < count; ++i) dx[i] = dy[i] * Gelu<T>::slope(x[i]);
}

template <class T>
void add(const T* a, const T* b, T* y, i64 count) {
#pragma omp simd
  for (i64 i = 0; i < count; ++i) y[i] = a[i] + b[i];
}

template <class T>
void bias_dropout_add(const T* x, const T* bias, const T* residual, T* y, i64 columns,
                      const DropoutRow* dropout) {
  if (dropout == nullptr) {
#pragma omp simd
    for (i64 c = 0; c < columns; ++c) y[c] = residual[c] + (x[c] + bias[c]);
    return;
  }
  for_each_mask_group<T>(*dropout, columns, [&](i64 first, i64 count, const T* mask) {
#pragma omp simd
    for (i64 c = 0; c < count; ++c) {
      y[first + c] = residual[first + c] + (x[first + c] + bias[first + c]) * mask[c];
    }
  });
}

template <class T>
void dropout_row(const T* x, T* y, i64 columns, const DropoutRow& row) {
  for_each_mask_group<T>(row, columns, [&](i64 first, i64 count, const T* mask) {
#pragma omp simd
    for (i64 c = 0; c < count; ++c) y[first + c] = x[first + c] * mask[c];
  });
}

template <class T>
void column_sum(const T* x, i64 stride, T* y, i64 rows, i64 columns, bool accumulate) {
  // Blocks of columns that stay in registers while the rows go by.
  constexpr i64 kBlock = 4 * VectorOf<T>::kLanes;
  i64 c = 0;
  for (; c + kBlock <= columns; c += kBlock) {
    Vector<T> sum[4];
    for (int v = 0; v < 4; ++v) sum[v] = accumulate ? load(y + c + v * VectorOf<T>::kLanes) : Vector<T>{};
    for (i64 r = 0; r < rows; ++r) {
      for (int v = 0; v < 4; ++v) sum[v] += load(x + r * stride + c + v * VectorOf<T>::kLanes);
    }
    for (int v = 0; v < 4; ++v) store(y + c + v * VectorOf<T>::kLanes, sum[v]);
  }
  for (; c < columns; ++c) {
    T sum = accumulate ? y[c] : T{0};
    for (i64 r = 0; r < rows; ++r) sum += x[r * stride + c];
    y[c] = sum;
  }
}

// Chunks are summed in the type itself and added up in double: the error stays that of one short chunk.
template <class T>
double sum_of_squares(const T* x, i64 count) {
  constexpr i64 kChunk = 4096;
  double total = 0;
  for (i64 begin = 0; begin < count; begin += kChunk) {
    const i64 end = begin + kChunk < count ? begin + kChunk : count;
    T sum = 0;
#pragma omp simd reduction(+ : sum)
    for (i64 i = begin; i < end; ++i) sum += x[i] * x[i];
    total += static_cast<double>(sum);
  }
  return total;
}

template <class T>
void adamw(T* weight, const T* gradient, T* first_moment, T* second_moment, i64 count,
           const AdamWStep<T>& step) {
  const T decay = T{1} - step.learning_rate * step.weight_decay;
  const T step_size = step.learning_rate / step.correction1;
  const T inverse_root = T{1} / square_root(step.correction2);
  const T beta1 = step.beta1, beta2 = step.beta2, epsilon = step.epsilon, scale = step.gradient_scale;
#pragma omp simd
  for (i64 i = 0; i < count; ++i) {
    const T g = gradient[i] * scale;
    const T m = beta1 * first_moment[i] + (T{1} - beta1) * g;
    const T v = beta2 * second_moment[i] + (T{1} - beta2) * g * g;
    first_moment[i] = m;
    second_moment[i] = v;
    weight[i] = weight[i] * decay - step_size * m / (square_root(v) * inverse_root + epsilon);
  }
}

}  // namespace
}  // namespace gpt::ops::cpu
