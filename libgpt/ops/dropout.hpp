#pragma once

#include <cstdint>
#include <span>

#include "libgpt/ops/philox.hpp"
#include "libgpt/tensor/element.hpp"

namespace gpt::ops {

// Which rows of an activation [rows, columns] are which: row r is row g = first_row + r of a micro batch, and
// that is position g % length of the sequence whose place in training is samples[g / length].
template <class T>
struct DropoutRows {
  std::int64_t rows, columns;
  std::int64_t length;  // rows a sequence
  std::span<const tensor::Beside<T, std::uint64_t>> samples;
  std::int64_t first_row = 0;  // of the micro batch that x's row 0 is
};

// y = x with elements dropped and the rest scaled by 1 / (1 - probability); y may be x. The backward pass is
// the same op on the gradient. Without an active dropout x is copied.
template <class T>
void dropout(const DropoutRows<T>& rows, const Dropout& dropout, std::span<const T> x, std::span<T> y);

// y = residual + dropout(x + bias); y may be x or residual.
template <class T>
void bias_dropout_add(const DropoutRows<T>& rows, const Dropout& dropout, std::span<const T> x,
                      std::span<const T> bias, std::span<const T> residual, std::span<T> y);

}  // namespace gpt::ops
