#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "libcommon/io/mapped_file.hpp"

namespace gpt::dedup {

// A two-dimensional array of little-endian floats in NumPy's format (.npy, versions 1 to 3), rows one after
// the other.
struct NpyLayout {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::size_t value_bytes = 4;  // float32, or 8: float64
  std::size_t data_begin = 0;   // in the file
};

// Throws io::DataError, naming the file, where the bytes are no such array or not as long as they say.
NpyLayout npy_layout_or_throw(std::span<const std::byte> bytes, const std::string& file);

// The rows of such a file. Their pages come in as they are read.
class NpyVectors {
 public:
  // Throws io::IoError, io::DataError.
  static NpyVectors open_or_throw(const std::string& file);

  std::size_t rows() const { return layout_.rows; }
  std::size_t columns() const { return layout_.columns; }
  // out: `columns` numbers. Throws io::DataError, naming file and row, where one is not finite as float.
  void read_or_throw(std::size_t row, std::span<float> out) const;

 private:
  NpyVectors(io::MappedFile file, NpyLayout layout) : file_(std::move(file)), layout_(layout) {}

  io::MappedFile file_;
  NpyLayout layout_;
};

}  // namespace gpt::dedup
