#include "libgpt/tensor/cuda/cuda_device.hpp"

namespace gpt::tensor {

GpuFacts gpu_facts() { return {}; }

std::unique_ptr<Device> make_cuda_device_or_throw(int) {
  check_usable_or_throw(gpu_facts());  // always throws: a program without a toolkit
  return nullptr;
}

}  // namespace gpt::tensor
