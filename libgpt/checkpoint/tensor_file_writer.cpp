#include "libgpt/checkpoint/tensor_file_writer.hpp"

#include <algorithm>

#include "libgpt/checkpoint/element_type.hpp"
#include "libgpt/checkpoint/safetensors_header.hpp"

namespace gpt::checkpoint {

TensorFileWriter::TensorFileWriter(const std::string& path, std::span<const LogicalTensor> tensors,
                                   tensor::DType type)
    : type_(type), file_(path) {
  file_.write_or_throw(make_safetensors_header(tensors, type));
}

void TensorFileWriter::write_or_throw(std::span<const float> values) {
  if (type_ == tensor::DType::f32) {  // as they lie in memory
    return file_.write_or_throw({reinterpret_cast<const char*>(values.data()), values.size_bytes()});
  }
  // Converted piece by piece, so that a large tensor needs no second copy.
  constexpr std::size_t kPiece = std::size_t{1} << 18;
  for (std::size_t begin = 0; begin < values.size(); begin += kPiece) {
    encoded_.clear();
    append_encoded_floats(type_, values.subspan(begin, std::min(kPiece, values.size() - begin)), encoded_);
    file_.write_or_throw(encoded_);
  }
}

}  // namespace gpt::checkpoint
