#pragma once

#include <memory>
#include <string>

#include "libgpt/tensor/device.hpp"
#include "libgpt/tensor/gpu_choice.hpp"

namespace gpt::tensor {

// The GPUs of this machine as CUDA shows them to this process; takes none of them into use. Without a driver,
// or in a program built without CUDA, the facts say so (check_usable_or_throw tells it).
GpuFacts gpu_facts();

// The GPU with this number among those of gpu_facts(), for open_device. Throws NoUsableGpu where another
// process has it for itself or it does not start.
std::unique_ptr<Device> make_cuda_device_or_throw(int ordinal);

}  // namespace gpt::tensor
