#pragma once

#include <vector>

#include <mpi.h>

#include "libgpt/comm/communicator.hpp"
#include "libgpt/comm/mpi/mpi_error.hpp"

namespace gpt::comm {

// One message of a communicator as MPI passes it: one request, or several where a count is too large for one.
class MpiRequest : public Request::Pending {
 public:
  explicit MpiRequest(const MessageLabel& label) : label_(label) {}
  ~MpiRequest() override;
  MpiRequest(const MpiRequest&) = delete;
  MpiRequest& operator=(const MpiRequest&) = delete;

  // The place of one more request, for MPI to fill; its return code goes to started_or_throw.
  MPI_Request* next() { return &requests_.emplace_back(MPI_REQUEST_NULL); }
  void started_or_throw(int code) const { check_mpi_or_throw(code, label_); }
  // A derived type that the requests use: freed after them.
  MPI_Datatype keep(MPI_Datatype type) { return types_.emplace_back(type); }
  // A receive is complete only with as many bytes as were asked for; MPI alone would take fewer.
  void expect_bytes(std::size_t bytes) { expected_bytes_ = bytes, counts_bytes_ = true; }

  void wait() override;
  bool test() override;

 private:
  void check_or_throw(int code, const std::vector<MPI_Status>& statuses) const;

  MessageLabel label_;
  std::vector<MPI_Request> requests_;
  std::vector<MPI_Datatype> types_;
  std::size_t expected_bytes_ = 0;
  bool counts_bytes_ = false;
};

}  // namespace gpt::comm
