#include "libgpt/ops/shape_error.hpp"

#include <string>

namespace gpt::ops {
namespace {

std::string needed_text(std::int64_t rows, std::int64_t columns) {
  if (columns == 1) return std::to_string(rows);
  return std::to_string(rows) + " x " + std::to_string(columns) + " = " + std::to_string(rows * columns);
}

}  // namespace

ShapeError::ShapeError(std::string_view op, std::string_view what, std::size_t actual, std::int64_t rows,
                       std::int64_t columns)
    : std::runtime_error(std::string(op) + ": " + std::string(what) + " has " + std::to_string(actual) +
                         " elements where " + needed_text(rows, columns) + " are needed") {}

}  // namespace gpt::ops
