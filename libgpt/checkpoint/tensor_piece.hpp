#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "libgpt/model/tensor_part.hpp"
#include "libgpt/tensor/element.hpp"

namespace gpt::checkpoint {

using Shape = std::vector<std::int64_t>;

// Numbers in the memory of the host or of the device. Not owned.
class PieceValues {
 public:
  PieceValues(std::span<const float> values) : data_(values.data()), size_(values.size()) {}
  PieceValues(std::span<const tensor::DeviceF32> values)
      : data_(values.data()), size_(values.size()), place_(tensor::Place::device) {}
  template <class T>
  PieceValues(std::span<T> values) : PieceValues(std::span<const T>(values)) {}
  PieceValues(const std::vector<float>& values) : PieceValues(std::span<const float>(values)) {}

  std::size_t size() const { return size_; }
  PieceValues subspan(std::size_t first, std::size_t count) const;
  // They themselves where they are on the host; those of a device are brought into room first.
  std::span<const float> on_host(std::vector<float>& room) const;

 private:
  const void* data_ = nullptr;
  std::size_t size_ = 0;
  tensor::Place place_ = tensor::Place::host;
};

// A whole tensor, wherever its elements are.
struct LogicalTensor {
  std::string name;
  Shape shape;
};

// What one rank gives to a checkpoint of a tensor: all of it, the part that it holds, or some elements of
// that part, where ranks that hold the same part share out the saving or the optimizer's state. Not owned.
struct TensorPiece {
  std::string name;
  Shape shape;             // of the whole tensor
  model::TensorPart part;  // of which values are a stretch
  std::int64_t first = 0;  // values are elements [first, first + values.size()) of the part
  PieceValues values;      // row-major
};

TensorPiece whole_piece(std::string name, Shape shape, PieceValues values);

// Product of the sizes. Sizes must be small enough that it fits; read shapes are checked when they are read.
std::int64_t element_count(const Shape& shape);

// "[64, 192]", as messages show it.
std::string shape_text(const Shape& shape);

}  // namespace gpt::checkpoint
