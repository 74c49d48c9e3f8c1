#pragma once

#include <cstdint>
#include <span>

#include "libgpt/tensor/element.hpp"

namespace gpt::ops {

// y[i] = x[rows[i]] for rows of `columns` elements: y [rows.size(), columns].
template <class T>
void gather_rows(std::int64_t columns, std::span<const T> x,
                 std::span<const tensor::Beside<T, std::int32_t>> rows, std::span<T> y);

}  // namespace gpt::ops
