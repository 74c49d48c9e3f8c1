#pragma once

#include <string>

#include <mpi.h>

#include "libgpt/comm/communicator.hpp"
#include "libgpt/comm/message_label.hpp"

namespace gpt::comm {

std::string mpi_error_text(int code);

// Throws CommError with the label and what MPI says, unless the code is MPI_SUCCESS.
void check_mpi_or_throw(int code, const MessageLabel& label);

}  // namespace gpt::comm
