#pragma once

#include <span>
#include <string>

#include "libgpt/checkpoint/durable_file.hpp"
#include "libgpt/checkpoint/write_plan.hpp"

namespace gpt::checkpoint {

// Writes one safetensors file from front to back.
class TensorFileWriter {
 public:
  // Creates the file and writes its header; io::IoError.
  TensorFileWriter(const std::string& path, std::span<const LogicalTensor> tensors, tensor::DType type);
  // The next elements of the tensors, one tensor after the other; io::IoError, a full disk for instance.
  void write_or_throw(std::span<const float> values);
  FileChecksums finish_or_throw() { return file_.finish_or_throw(); }

 private:
  tensor::DType type_;
  DurableFile file_;
  std::string encoded_;
};

}  // namespace gpt::checkpoint
