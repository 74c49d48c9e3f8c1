#pragma once

#include <span>

#include "libgpt/tensor/aligned_buffer.hpp"
#include "libgpt/tensor/copy.hpp"

namespace gpt::ops {

// Adds the sum of x^2, made in double, to sum [1]; always in the same order. Not finite when an element is
// not.
template <class T>
void add_sum_of_squares(std::span<const T> x, std::span<tensor::Beside<T, double>> sum);

// The sum of x^2, brought to the host.
template <class T>
double sum_of_squares(std::span<const T> x) {
  tensor::AlignedBuffer<tensor::Beside<T, double>> sum(1);
  add_sum_of_squares<T>(x, sum.span());
  return tensor::downloaded<tensor::Beside<T, double>>(sum.span()).front();
}

}  // namespace gpt::ops
