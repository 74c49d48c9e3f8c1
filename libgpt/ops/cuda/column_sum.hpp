#pragma once

#include <cstdint>
#include <span>

#include "libgpt/ops/gemm.hpp"
#include "libgpt/tensor/element.hpp"

namespace gpt::ops::cuda {

// sums[columns] (+)= sum over the rows of x [rows, columns], in fp32 and in an order that depends on the
// shape alone. Uses the device's workspace.
template <class T>
void column_sum(std::int64_t rows, std::int64_t columns, std::span<const T> x, Product mode,
                std::span<tensor::DeviceF32> sums);

}  // namespace gpt::ops::cuda
