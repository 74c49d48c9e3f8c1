#pragma once

#include <cstddef>
#include <string>

#include "apps/gpt-train/train_on.hpp"
#include "libgpt/tensor/device.hpp"

namespace gpt::train_tool {

// What to tell of a run that did not fit into a device's memory: what it was predicted to take, and with
// which options it would fit.
std::string memory_advice(const RankRun& run, std::size_t device_bytes);

// Does work; a device that runs out of memory under it is told with the advice.
template <class Work>
auto with_memory_advice(const RankRun& run, const Work& work) {
  try {
    return work();
  } catch (const tensor::OutOfDeviceMemory& error) {
    throw tensor::DeviceError(std::string(error.what()) + "; " + memory_advice(run, error.total_bytes));
  }
}

}  // namespace gpt::train_tool
