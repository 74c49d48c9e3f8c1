#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string_view>

namespace gpt::ops {

// Sizes given to an op do not belong together.
class ShapeError : public std::runtime_error {
 public:
  // "linear: weight has 12 elements where 3 x 5 = 15 are needed"
  ShapeError(std::string_view op, std::string_view what, std::size_t actual, std::int64_t rows,
             std::int64_t columns);
};

// Throws ShapeError unless actual == rows * columns.
inline void check_elements(std::string_view op, std::string_view what, std::size_t actual, std::int64_t rows,
                           std::int64_t columns = 1) {
  if (actual != static_cast<std::size_t>(rows * columns)) throw ShapeError(op, what, actual, rows, columns);
}

}  // namespace gpt::ops
