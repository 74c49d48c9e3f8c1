#pragma once

#include <cstdint>
#include <span>

#include "libgpt/ops/linear.hpp"

namespace gpt::ops::cuda {

// Products of few rows, as decoding has them, are a matter of reading the weights once: kernels that do
// little else. A sum is made by one block, or one warp, in an order that depends on the shape alone. They
// take up to kFewRows rows, of weights whose rows begin at multiples of 16 bytes, and say whether they did.
constexpr std::int64_t kFewRows = 4;

// y = x W (+ bias), as linear_forward; bias may be empty.
template <class T>
bool few_rows_linear(const LinearShape& shape, std::span<const T> x, std::span<const T> weight,
                     std::span<const T> bias, std::span<T> y);

// y = x V', as table_forward.
template <class T>
bool few_rows_table(const LinearShape& shape, std::span<const T> x, std::span<const T> table, std::span<T> y);

}  // namespace gpt::ops::cuda
