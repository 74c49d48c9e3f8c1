#pragma once

#include <cstddef>
#include <string>

#include "libgpt/tensor/dtype.hpp"

namespace gpt::comm {

// What a message is, for its error: "all-reduce of 4096 F32 in group 'tensor', rank 1 of 4 (rank 5 of the
// world)".
struct MessageLabel {
  const char* what = "";  // "all-reduce", "send to"
  int peer = -1;          // for those with one
  std::size_t count = 0;
  tensor::DType type = tensor::DType::u8;
  const std::string* group = nullptr;
  int rank = 0;
  int size = 1;
  int world_rank = 0;

  std::string text() const;
};

}  // namespace gpt::comm
