#pragma once

#include "libgpt/ops/adamw.hpp"
#include "libgpt/ops/shape_error.hpp"

namespace gpt::ops {

inline void check_adamw(std::size_t weight, std::size_t gradient, std::size_t first_moment,
                        std::size_t second_moment, std::size_t rounded) {
  const auto count = static_cast<std::int64_t>(weight);
  check_elements("adamw", "gradient", gradient, count);
  check_elements("adamw", "first moment", first_moment, count);
  check_elements("adamw", "second moment", second_moment, count);
  if (rounded != 0) check_elements("adamw", "rounded weight", rounded, count);
}

}  // namespace gpt::ops
