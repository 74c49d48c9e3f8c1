#pragma once

#include "libgpt/ops/dropout.hpp"
#include "libgpt/ops/shape_error.hpp"

namespace gpt::ops {

template <class T>
void check_dropout(const DropoutRows<T>& rows, const Dropout& dropout, std::string_view op, std::size_t x,
                   std::size_t y) {
  check_elements(op, "x", x, rows.rows, rows.columns);
  check_elements(op, "y", y, rows.rows, rows.columns);
  if (!dropout.active()) return;
  const std::int64_t needed = (rows.first_row + rows.rows + rows.length - 1) / rows.length;
  if (rows.samples.size() < static_cast<std::size_t>(needed)) {
    throw ShapeError("dropout", "sample indices", rows.samples.size(), needed, 1);
  }
}

template <class T>
void check_bias_dropout_add(const DropoutRows<T>& rows, const Dropout& dropout, std::size_t x,
                            std::size_t bias, std::size_t residual, std::size_t y) {
  check_dropout(rows, dropout, "bias dropout add", x, y);
  check_elements("bias dropout add", "bias", bias, rows.columns);
  check_elements("bias dropout add", "residual", residual, rows.rows, rows.columns);
}

}  // namespace gpt::ops
