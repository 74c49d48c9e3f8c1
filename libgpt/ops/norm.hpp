#pragma once

#include <span>

namespace gpt::ops {

// Sum of x^2, in double. Not finite when an element is not.
template <class T>
double sum_of_squares(std::span<const T> x);

}  // namespace gpt::ops
