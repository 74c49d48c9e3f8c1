#pragma once

#include <cstddef>

#include "libgpt/tensor/device.hpp"

namespace gpt::cuda_on_cpu {

// A device whose memory is the host's, for kernels that run on the CPU. All is done when the call returns.
// What is not promised to be zeroed holds NaNs (all bits set); a workspace is freed when the next one is
// asked for, so that AddressSanitizer sees who still uses it; what writes outside its memory ends the process
// with a message. Unlike a GPU it serves several threads, so that they can be ranks: each has its own
// workspace. It gives out total_bytes at most.
std::unique_ptr<tensor::Device> make_emulated_device(std::size_t total_bytes = std::size_t{8} << 30);

// The emulated device as the device of this process, in a scope.
class ScopedEmulatedDevice {
 public:
  explicit ScopedEmulatedDevice(std::size_t total_bytes = std::size_t{8} << 30);
  ~ScopedEmulatedDevice();
  ScopedEmulatedDevice(const ScopedEmulatedDevice&) = delete;
  ScopedEmulatedDevice& operator=(const ScopedEmulatedDevice&) = delete;
};

}  // namespace gpt::cuda_on_cpu
