#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace gpt::checkpoint {

using Shape = std::vector<std::int64_t>;

// A tensor in memory that is to be saved: row-major, values.size() is the product of shape. Not owned.
struct TensorView {
  std::string name;
  Shape shape;
  std::span<const float> values;
};

// Product of the sizes. Sizes must be small enough that it fits; read shapes are checked when they are read.
std::int64_t element_count(const Shape& shape);

// "[64, 192]", as messages show it.
std::string shape_text(const Shape& shape);

}  // namespace gpt::checkpoint
