#pragma once

#include <string>

#include "apps/gpt-train/options.hpp"
#include "libgpt/comm/cuda/device_world.hpp"
#include "libgpt/comm/world.hpp"
#include "libgpt/tensor/gpu_choice.hpp"

namespace gpt::train_tool {

// What this rank computes on: the CPU, or a GPU that is the device of the process (tensor::device()) as long
// as this lives. All ranks compute on the same.
class ComputeDevice {
 public:
  // By all ranks at once. Throws cli::UsageError where the options ask for what the CPU has not,
  // tensor::NoUsableGpu where there is no GPU and one is asked for.
  ComputeDevice(const Options& options, comm::World& world);
  ~ComputeDevice();
  ComputeDevice(const ComputeDevice&) = delete;
  ComputeDevice& operator=(const ComputeDevice&) = delete;

  bool is_gpu() const { return gpu_; }
  // For the log: " device: NVIDIA H200, 141 GiB, bf16".
  const std::string& overview() const { return overview_; }

  // The world whose groups pass what lies on the device.
  comm::World& world() { return device_world_.world ? *device_world_.world : host_; }

 private:
  void open_gpu_or_throw(const Options& options, const tensor::GpuFacts& facts);

  comm::World& host_;
  comm::DeviceWorld device_world_;
  bool gpu_ = false;
  std::string overview_;
};

}  // namespace gpt::train_tool
