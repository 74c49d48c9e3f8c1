#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "libcommon/io/mapped_file.hpp"
#include "libgpt/checkpoint/chunk_checksums.hpp"
#include "libgpt/checkpoint/safetensors_header.hpp"
#include "libgpt/model/tensor_part.hpp"
#include "libgpt/tensor/dtype.hpp"

namespace gpt::checkpoint {

// A safetensors file to read. It is mapped, so only what is read is brought in.
class SafetensorsFile {
 public:
  // checksums: of this file; then every chunk is verified the first time something in it is read. Throws
  // io::IoError, io::DataError.
  static SafetensorsFile open_or_throw(const std::string& path, std::optional<FileChecksums> checksums = {});

  const std::string& path() const { return map_.path(); }
  const std::vector<TensorEntry>& entries() const { return entries_; }

  // Elements [first, first + values.size()) of a part of an entry of this file, as floats. A part cut by
  // columns is read in bands of rows, each chunk of the file verified once. Throws io::DataError when the
  // entry's type is none of f32, f64, f16, bf16, or a chunk's checksum is wrong.
  void read_part_or_throw(const TensorEntry& entry, const model::TensorPart& part, std::int64_t first,
                          std::span<float> values);

 private:
  SafetensorsFile(io::MappedFile map, std::optional<FileChecksums> checksums);
  void verify_or_throw(std::uint64_t begin, std::uint64_t end);
  void read_runs_or_throw(const TensorEntry& entry, tensor::DType type, const std::vector<model::Run>& runs,
                          std::int64_t first, std::span<float> values);

  io::MappedFile map_;
  std::optional<FileChecksums> checksums_;
  std::vector<bool> verified_;  // by chunk
  std::vector<TensorEntry> entries_;
};

}  // namespace gpt::checkpoint
