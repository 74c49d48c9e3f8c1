#pragma once

#include <utility>

#include <cuda_runtime_api.h>

#include "libgpt/tensor/cuda/cuda_error.hpp"

namespace gpt::tensor {

// An event of CUDA: that the work of a stream has come to some point. Throws CudaError.
class Event {
 public:
  enum class Use { order, timing };  // timing costs a little

  explicit Event(Use use) {
    check_cuda(
        cudaEventCreateWithFlags(&event_, use == Use::timing ? cudaEventDefault : cudaEventDisableTiming),
        "make an event");
  }
  ~Event() {
    if (event_ != nullptr) (void)cudaEventDestroy(event_);
  }
  Event(Event&& other) noexcept : event_(std::exchange(other.event_, nullptr)) {}
  Event& operator=(Event&& other) noexcept {
    std::swap(event_, other.event_);
    return *this;
  }

  cudaEvent_t get() const { return event_; }
  void record(cudaStream_t stream) {
    check_cuda(cudaEventRecord(event_, stream), "note a point of a stream");
  }
  void wait() const { check_cuda(cudaEventSynchronize(event_), "wait for work on the GPU"); }

  // Both for timing. Waits for the later one.
  float milliseconds_since(const Event& earlier) const {
    float milliseconds = 0;
    wait();
    check_cuda(cudaEventElapsedTime(&milliseconds, earlier.event_, event_), "read the time between events");
    return milliseconds;
  }

 private:
  cudaEvent_t event_ = nullptr;
};

}  // namespace gpt::tensor
