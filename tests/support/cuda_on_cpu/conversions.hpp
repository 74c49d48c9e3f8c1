#pragma once

#include <cmath>
#include <cstdint>
#include <type_traits>

#include "libgpt/tensor/element.hpp"
#include "tests/support/cuda_on_cpu/vector_types.hpp"

namespace gpt::tensor {

inline float float_of(float x) { return x; }
inline float float_of(Bf16 x) { return to_float(x); }
inline float float_of(F16 x) { return to_float(x); }

template <class T>
T element_of(float x) {
  return from_float<T>(x);
}

template <class T>
float2 floats_of(std::uint32_t pair) {
  static_assert(std::is_same_v<T, Bf16> || std::is_same_v<T, F16>);
  return {to_float(T{static_cast<std::uint16_t>(pair)}), to_float(T{static_cast<std::uint16_t>(pair >> 16)})};
}

template <class T>
std::uint32_t pair_of(float low, float high) {
  static_assert(std::is_same_v<T, Bf16> || std::is_same_v<T, F16>);
  return from_float<T>(low).bits | (static_cast<std::uint32_t>(from_float<T>(high).bits) << 16);
}

inline float fast_exp2(float x) { return std::exp2(x); }
inline float fast_tanh(float x) { return std::tanh(x); }

}  // namespace gpt::tensor
