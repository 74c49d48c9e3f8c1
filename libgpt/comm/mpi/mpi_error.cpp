#include "libgpt/comm/mpi/mpi_error.hpp"

namespace gpt::comm {

std::string mpi_error_text(int code) {
  char text[MPI_MAX_ERROR_STRING] = {};
  int length = 0;
  if (MPI_Error_string(code, text, &length) != MPI_SUCCESS) return "MPI error " + std::to_string(code);
  return std::string(text, static_cast<std::size_t>(length));
}

void check_mpi_or_throw(int code, const MessageLabel& label) {
  if (code != MPI_SUCCESS) throw CommError(label.text() + ": " + mpi_error_text(code));
}

}  // namespace gpt::comm
