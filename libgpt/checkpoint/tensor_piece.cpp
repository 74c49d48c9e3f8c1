#include "libgpt/checkpoint/tensor_piece.hpp"

#include <utility>

namespace gpt::checkpoint {

TensorPiece whole_piece(std::string name, Shape shape, std::span<const float> values) {
  const model::TensorPart part = model::whole_tensor(shape);
  return {std::move(name), std::move(shape), part, 0, values};
}

std::int64_t element_count(const Shape& shape) {
  std::int64_t count = 1;
  for (const auto size : shape) count *= size;
  return count;
}

std::string shape_text(const Shape& shape) {
  std::string text = "[";
  for (const auto size : shape) {
    if (text.size() > 1) text += ", ";
    text += std::to_string(size);
  }
  return text + "]";
}

}  // namespace gpt::checkpoint
