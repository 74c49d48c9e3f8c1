#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libgpt/checkpoint/tensor_piece.hpp"
#include "libgpt/tensor/dtype.hpp"

namespace gpt::checkpoint {

// The safetensors format (docs/formats/checkpoint.md): a u64 length, that many bytes of JSON, then the data.

// Where one tensor lies.
struct TensorEntry {
  std::string name;
  std::string dtype;  // as the file spells it
  Shape shape;
  std::uint64_t begin = 0;  // bytes from the start of the file
  std::uint64_t end = 0;
};

// The entries of a file of file_bytes bytes, in the order of their data. front: the file's first bytes, at
// least the header. Throws io::DataError naming path unless length, JSON, types, shapes and offsets are
// sound: every tensor as long as its shape says, none overlapping another, and no byte of the data belonging
// to none.
std::vector<TensorEntry> parse_safetensors_header_or_throw(const std::string& path, std::string_view front,
                                                           std::uint64_t file_bytes);

// Length and JSON for tensors stored one after the other as the given type; padded to whole 8 bytes.
std::string make_safetensors_header(std::span<const LogicalTensor> tensors, tensor::DType type);

std::uint64_t bytes_of(const LogicalTensor& tensor, tensor::DType type);

}  // namespace gpt::checkpoint
