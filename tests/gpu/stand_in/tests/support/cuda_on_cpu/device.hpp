#pragma once

#include <cstddef>
#include <memory>

#include "libgpt/tensor/cuda/cuda_device.hpp"
#include "libgpt/tensor/device.hpp"

// What tests of the device open, where it is a GPU: the first one. Found before the header of the same name,
// whose device runs on the CPU.
namespace gpt::cuda_on_cpu {

inline std::unique_ptr<tensor::Device> make_emulated_device(std::size_t = 0) {
  return tensor::make_cuda_device_or_throw(0);
}

class ScopedEmulatedDevice {
 public:
  explicit ScopedEmulatedDevice(std::size_t = 0) { tensor::open_device(make_emulated_device()); }
  ~ScopedEmulatedDevice() { tensor::close_device(); }
  ScopedEmulatedDevice(const ScopedEmulatedDevice&) = delete;
  ScopedEmulatedDevice& operator=(const ScopedEmulatedDevice&) = delete;
};

}  // namespace gpt::cuda_on_cpu
