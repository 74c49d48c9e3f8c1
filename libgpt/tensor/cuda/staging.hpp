#pragma once

#include <cstddef>
#include <deque>
#include <mutex>

#include <cuda_runtime_api.h>

#include "libgpt/tensor/cuda/event.hpp"
#include "libgpt/tensor/ring_space.hpp"

namespace gpt::tensor {

// Pinned host memory that copies to the GPU pass through, so that the host goes on while they wait for their
// turn on the stream; and copies from it, which arrive several times as fast as in ordinary memory. For any
// thread.
class Staging {
 public:
  explicit Staging(cudaStream_t stream);
  ~Staging();
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;

  void upload(std::byte* to, const std::byte* from, std::size_t bytes);
  void download(std::byte* to, const std::byte* from, std::size_t bytes);  // waits

 private:
  std::size_t take(std::size_t bytes);  // waits for the oldest copies where there is no room
  void give_back_oldest();
  Event event();

  std::mutex mutex_;
  cudaStream_t stream_;
  std::byte* memory_ = nullptr;
  RingSpace ring_;
  std::deque<Event> under_way_;  // one a stretch of the ring
  std::deque<Event> spare_;
};

}  // namespace gpt::tensor
