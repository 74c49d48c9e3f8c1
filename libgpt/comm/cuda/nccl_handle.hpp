#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <cuda_runtime_api.h>
#include <nccl.h>

#include "libgpt/comm/communicator.hpp"
#include "libgpt/comm/cuda/nccl_error.hpp"

namespace gpt::comm {

// A communicator of NCCL, which does not block, and the stream on which its messages run. Made and ended by
// all its ranks at once. When an exception passes it is left as it is: the ranks end.
class NcclHandle {
 public:
  // All ranks of a group of the host, which passes on what they need to find each other.
  NcclHandle(Communicator& host, std::chrono::seconds time_limit);
  ~NcclHandle();
  NcclHandle(const NcclHandle&) = delete;
  NcclHandle& operator=(const NcclHandle&) = delete;

  // Called by all its ranks: those of the same colour make a part, in the order of their keys. Null where no
  // colour is given.
  std::unique_ptr<NcclHandle> split_or_throw(const std::string& name, std::optional<int> colour, int key);

  // Sets up all that the first messages would wait for: so no rank waits for another where the order of
  // messages does not say so.
  void warm_up_collectives();
  void warm_up_message(int from, int to);

  ncclComm_t get() const { return handle_; }
  cudaStream_t stream() const { return stream_; }
  int rank() const;
  int size() const;
  void settle(ncclResult_t code, const std::string& doing) const {
    settle_or_throw(code, handle_, doing, time_limit_);
  }

 private:
  NcclHandle(std::string name, std::chrono::seconds time_limit);
  bool finalised() const;
  void wait_for_stream(const std::string& doing) const;

  const std::string name_;  // NCCL keeps its address
  std::chrono::seconds time_limit_;
  ncclComm_t handle_ = nullptr;
  cudaStream_t stream_ = nullptr;
};

}  // namespace gpt::comm
