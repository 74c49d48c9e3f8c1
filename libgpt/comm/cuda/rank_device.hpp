#pragma once

#include <memory>
#include <string>

#include "libgpt/comm/gpu_of_rank.hpp"
#include "libgpt/comm/world.hpp"
#include "libgpt/tensor/gpu_choice.hpp"

namespace gpt::comm {

// What to compute on; automatic: GPUs where any rank finds one that can be used, else the CPU.
enum class DeviceChoice { automatic, cpu, cuda };

// What a rank computes on: the CPU, or a GPU that is the device of the process (tensor::device()) as long as
// this lives. All ranks compute on the same.
class RankDevice {
 public:
  // By all ranks at once. Throws tensor::NoUsableGpu where GPUs are asked for, or some ranks have one, and
  // this rank gets none; CommError.
  RankDevice(World& world, DeviceChoice choice, tensor::GpuSharing sharing);
  ~RankDevice();
  RankDevice(const RankDevice&) = delete;
  RankDevice& operator=(const RankDevice&) = delete;

  bool is_gpu() const { return is_gpu_; }
  // "NVIDIA H200 of 141 GiB", "CPU".
  const std::string& name() const { return name_; }
  // What passes messages among the GPUs: "NCCL 2.28.9"; empty on the CPU.
  const std::string& body() const { return body_; }
  // Ranks that share this GPU, this one included.
  int sharing() const { return sharing_; }
  // A sentence for the log, where the ranks' GPUs differ; else empty.
  const std::string& warning() const { return warning_; }
  // Why it is the CPU: "--device cpu", or what is missing of a GPU.
  const std::string& why_no_gpu() const { return why_no_gpu_; }
  // The world whose groups pass what lies on the device.
  World& world() { return passing_ ? *passing_ : host_; }

 private:
  void open_gpu_or_throw(const GpuOfRank& gpu);

  World& host_;
  std::unique_ptr<World> passing_;
  bool is_gpu_ = false;
  std::string name_ = "CPU";
  std::string body_;
  int sharing_ = 1;
  std::string warning_;
  std::string why_no_gpu_;
};

}  // namespace gpt::comm
