#pragma once

#include <span>

#include "libgpt/tensor/element.hpp"

namespace gpt::ops {

// y = x rounded to T, to nearest even: weights as the model computes with them, from those that are updated.
template <class T>
void round_to(std::span<const tensor::SumOf<T>> x, std::span<T> y);

// y = x, exactly.
template <class T>
void widen(std::span<const T> x, std::span<tensor::SumOf<T>> y);

}  // namespace gpt::ops
