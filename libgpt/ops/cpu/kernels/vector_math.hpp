#pragma once

// Included by kernels_isa.cpp alone, once for each instruction set: everything here has internal linkage, and
// nothing of the standard library's code is used, so that no function compiled for AVX-512 can be the one the
// linker keeps for an older processor.
#include <cstddef>
#include <cstdint>

#include "libgpt/ops/cpu/kernel_table.hpp"

namespace gpt::ops::cpu {
namespace {

using i64 = std::int64_t;

// A vector of the instruction set's width; loads and stores need no alignment.
template <class T>
struct VectorOf {
  static constexpr i64 kLanes = GPT_VECTOR_BYTES / static_cast<i64>(sizeof(T));
  typedef T type __attribute__((vector_size(GPT_VECTOR_BYTES)));
  typedef T unaligned __attribute__((vector_size(GPT_VECTOR_BYTES), aligned(alignof(T)), may_alias));
};
template <class T>
using Vector = typename VectorOf<T>::type;

template <class T>
inline __attribute__((always_inline)) Vector<T> load(const T* p) {
  return *reinterpret_cast<const typename VectorOf<T>::unaligned*>(p);
}
template <class T>
inline __attribute__((always_inline)) void store(T* p, Vector<T> v) {
  *reinterpret_cast<typename VectorOf<T>::unaligned*>(p) = v;
}

// e^x = 2^n e^r with n = round(x / ln 2) and |r| <= ln 2 / 2, where e^r is its Taylor polynomial: degree 7
// leaves 5e-9 for float, degree 13 leaves 4e-18 for double. Rounding by adding 1.5 * 2^mantissa leaves n in
// the low bits. Below the smallest normal number the result is 0, above the largest power of two infinity;
// NaN stays NaN.
inline __attribute__((always_inline)) float exponential_of(float x) {
  constexpr float kRound = 12582912.0f;
  const float low = x < -87.3f ? -87.3f : x;
  const float clamped = low > 89.0f ? 89.0f : low;
  const float shifted = clamped * 1.44269504088896341f + kRound;
  const float n = shifted - kRound;
  const float r = (clamped - n * 0.693359375f) + n * 2.12194440e-4f;
  float p = 1.0f / 5040;
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  const auto bits = (__builtin_bit_cast(std::uint32_t, shifted) << 23) + 0x3F800000u;
  const float result = p * __builtin_bit_cast(float, bits);
  return x < -87.3f ? 0.0f : result;
}

inline __attribute__((always_inline)) double exponential_of(double x) {
  constexpr double kRound = 6755399441055744.0;
  const double low = x < -708.0 ? -708.0 : x;
  const double clamped = low > 710.0 ? 710.0 : low;
  const double shifted = clamped * 1.4426950408889634074 + kRound;
  const double n = shifted - kRound;
  const double r = (clamped - n * 6.93147180369123816490e-01) - n * 1.90821492927058770002e-10;
  double p = 1.0 / 6227020800.0;
  p = p * r + 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  p = p * r + 1.0;
  p = p * r + 1.0;
  const auto bits = (__builtin_bit_cast(std::uint64_t, shifted) << 52) + 0x3FF0000000000000u;
  const double result = p * __builtin_bit_cast(double, bits);
  return x < -708.0 ? 0.0 : result;
}

inline float square_root(float x) { return __builtin_sqrtf(x); }
inline double square_root(double x) { return __builtin_sqrt(x); }

template <class T>
void exponential(const T* x, T* y, i64 count) {
#pragma omp simd
  for (i64 i = 0; i < count; ++i) y[i] = exponential_of(x[i]);
}

}  // namespace
}  // namespace gpt::ops::cpu
