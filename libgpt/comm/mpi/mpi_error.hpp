#pragma once

#include <cstddef>
#include <string>

#include <mpi.h>

#include "libgpt/comm/communicator.hpp"

namespace gpt::comm {

// What a message is, for its error: "all-reduce of 4096 f32 in group 'tensor', rank 1 of 4 (rank 5 of the
// world)".
struct MessageLabel {
  const char* what = "";  // "all-reduce", "send to"
  int peer = -1;          // for those with one
  std::size_t count = 0;
  tensor::DType type = tensor::DType::u8;
  const std::string* group = nullptr;
  int rank = 0;
  int size = 1;

  std::string text() const;
};

std::string mpi_error_text(int code);

// Throws CommError with the label and what MPI says, unless the code is MPI_SUCCESS.
void check_mpi_or_throw(int code, const MessageLabel& label);

}  // namespace gpt::comm
