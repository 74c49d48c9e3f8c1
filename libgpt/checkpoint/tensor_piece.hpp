#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "libgpt/model/tensor_part.hpp"

namespace gpt::checkpoint {

using Shape = std::vector<std::int64_t>;

// A whole tensor, wherever its elements are.
struct LogicalTensor {
  std::string name;
  Shape shape;
};

// What one rank gives to a checkpoint of a tensor: all of it, the part that it holds, or some elements of
// that part, where ranks that hold the same part share out the saving or the optimizer's state. Not owned.
struct TensorPiece {
  std::string name;
  Shape shape;                    // of the whole tensor
  model::TensorPart part;         // of which values are a stretch
  std::int64_t first = 0;         // values are elements [first, first + values.size()) of the part
  std::span<const float> values;  // row-major
};

TensorPiece whole_piece(std::string name, Shape shape, std::span<const float> values);

// Product of the sizes. Sizes must be small enough that it fits; read shapes are checked when they are read.
std::int64_t element_count(const Shape& shape);

// "[64, 192]", as messages show it.
std::string shape_text(const Shape& shape);

}  // namespace gpt::checkpoint
