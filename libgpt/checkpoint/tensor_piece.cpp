#include "libgpt/checkpoint/tensor_piece.hpp"

#include <utility>

#include "libgpt/tensor/copy.hpp"

namespace gpt::checkpoint {

PieceValues PieceValues::subspan(std::size_t first, std::size_t count) const {
  const auto part = [&](auto values) { return PieceValues(values.subspan(first, count)); };
  if (place_ == tensor::Place::host) return part(std::span(static_cast<const float*>(data_), size_));
  return part(std::span(static_cast<const tensor::DeviceF32*>(data_), size_));
}

std::span<const float> PieceValues::on_host(std::vector<float>& room) const {
  if (place_ == tensor::Place::host) return {static_cast<const float*>(data_), size_};
  room.resize(size_);
  tensor::download<tensor::DeviceF32>({static_cast<const tensor::DeviceF32*>(data_), size_}, room);
  return room;
}

TensorPiece whole_piece(std::string name, Shape shape, PieceValues values) {
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
