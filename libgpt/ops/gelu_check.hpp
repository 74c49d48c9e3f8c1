#pragma once

#include "libgpt/ops/gelu.hpp"
#include "libgpt/ops/shape_error.hpp"

namespace gpt::ops {

inline void check_bias_gelu(std::int64_t rows, std::int64_t columns, std::size_t bias, std::size_t x,
                            std::size_t y) {
  check_elements("gelu", "x", x, rows, columns);
  check_elements("gelu", "y", y, rows, columns);
  check_elements("gelu", "bias", bias, columns);
}

inline void check_gelu_backward(std::size_t x, std::size_t dy, std::size_t dx) {
  const auto count = static_cast<std::int64_t>(x);
  check_elements("gelu backward", "dy", dy, count);
  check_elements("gelu backward", "dx", dx, count);
}

}  // namespace gpt::ops
