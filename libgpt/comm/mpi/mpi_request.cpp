#include "libgpt/comm/mpi/mpi_request.hpp"

#include "libgpt/comm/mpi/direct_reduction.hpp"

namespace gpt::comm {

MpiRequest::~MpiRequest() {
  for (MPI_Datatype& type : types_) MPI_Type_free(&type);
}

void MpiRequest::wait() {
  while (any_direct_reduction()) {
    if (test()) return;
  }
  std::vector<MPI_Status> statuses(requests_.size());
  const int code = MPI_Waitall(static_cast<int>(requests_.size()), requests_.data(), statuses.data());
  check_or_throw(code, statuses);
}

bool MpiRequest::test() {
  std::vector<MPI_Status> statuses(requests_.size());
  int complete = 0;
  advance_direct_reductions();
  const int code =
      MPI_Testall(static_cast<int>(requests_.size()), requests_.data(), &complete, statuses.data());
  if (code != MPI_SUCCESS || complete) check_or_throw(code, statuses);
  return complete != 0;
}

void MpiRequest::check_or_throw(int code, const std::vector<MPI_Status>& statuses) const {
  if (code == MPI_ERR_IN_STATUS) {
    for (const MPI_Status& status : statuses) {
      if (status.MPI_ERROR != MPI_ERR_PENDING) check_mpi_or_throw(status.MPI_ERROR, label_);
    }
  }
  check_mpi_or_throw(code, label_);
  if (!counts_bytes_) return;
  std::size_t received = 0;
  for (const MPI_Status& status : statuses) {
    MPI_Count bytes = 0;
    MPI_Get_elements_x(&status, MPI_BYTE, &bytes);
    received += static_cast<std::size_t>(bytes);
  }
  if (received == expected_bytes_) return;
  throw CommError(label_.text() + ": " + std::to_string(received) + " bytes arrived where " +
                  std::to_string(expected_bytes_) + " were expected");
}

}  // namespace gpt::comm
