#include "libgpt/comm/mpi/mpi_error.hpp"

#include "libgpt/tensor/dtype.hpp"

namespace gpt::comm {

std::string MessageLabel::text() const {
  int world_rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &world_rank);
  std::string text = what;
  if (peer >= 0) text += " rank " + std::to_string(peer);
  if (count > 0) text += " of " + std::to_string(count) + " " + std::string(tensor::safetensors_name(type));
  text += " in group '" + *group + "', rank " + std::to_string(rank) + " of " + std::to_string(size);
  if (world_rank != rank) text += " (rank " + std::to_string(world_rank) + " of the world)";
  return text;
}

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
