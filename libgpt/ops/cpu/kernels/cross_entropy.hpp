#pragma once

#include "libgpt/ops/cpu/kernels/vector_math.hpp"

namespace gpt::ops::cpu {
namespace {

template <class T>
T largest_of(const T* x, i64 count) {
  T largest = x[0];
#pragma omp simd reduction(max : largest)
  for (i64 i = 0; i < count; ++i) largest = x[i] > largest ? x[i] : largest;
  return largest;
}

template <class T>
double cross_entropy_forward(const T* logits, i64 columns, i64 target) {
  const T largest = largest_of(logits, columns);
  T sum = 0;
#pragma omp simd reduction(+ : sum)
  for (i64 c = 0; c < columns; ++c) sum += exponential_of(logits[c] - largest);
  return __builtin_log(static_cast<double>(sum)) + static_cast<double>(largest) -
         static_cast<double>(logits[target]);
}

template <class T>
double cross_entropy_backward(T* logits, i64 columns, i64 target, T scale) {
  const T largest = largest_of(logits, columns);
  const double at_target = static_cast<double>(logits[target]);
  T sum = 0;
#pragma omp simd reduction(+ : sum)
  for (i64 c = 0; c < columns; ++c) {
    const T e = exponential_of(logits[c] - largest);
    logits[c] = e;
    sum += e;
  }
  const T factor = scale / sum;
#pragma omp simd
  for (i64 c = 0; c < columns; ++c) logits[c] *= factor;
  logits[target] -= scale;
  return __builtin_log(static_cast<double>(sum)) + static_cast<double>(largest) - at_target;
}

template <class T>
SoftmaxPart<T> softmax_part(const T* logits, i64 columns) {
  const T largest = largest_of(logits, columns);
  T sum = 0;
#pragma omp simd reduction(+ : sum)
  for (i64 c = 0; c < columns; ++c) sum += exponential_of(logits[c] - largest);
  return {largest, sum};
}

template <class T>
SoftmaxPart<T> softmax_part_in_place(T* logits, i64 columns) {
  const T largest = largest_of(logits, columns);
  T sum = 0;
#pragma omp simd reduction(+ : sum)
  for (i64 c = 0; c < columns; ++c) {
    const T e = exponential_of(logits[c] - largest);
    logits[c] = e;
    sum += e;
  }
  return {largest, sum};
}

template <class T>
void scale(T* x, i64 count, T factor) {
#pragma omp simd
  for (i64 i = 0; i < count; ++i) x[i] *= factor;
}

}  // namespace
}  // namespace gpt::ops::cpu
