#include "apps/gpt-train/compute_device.hpp"

#include "apps/gpt-train/precision_text.hpp"
#include "libcommon/cli/errors.hpp"
#include "libcommon/log/logger.hpp"
#include "libgpt/comm/byte_strings.hpp"
#include "libgpt/comm/gpu_of_rank.hpp"
#include "libgpt/comm/staged_communicator.hpp"
#include "libgpt/tensor/cuda/cuda_device.hpp"

namespace gpt::train_tool {
namespace {

// Groups that pass what lies on a GPU by way of the host's memory.
class StagedWorld : public comm::World {
 public:
  explicit StagedWorld(comm::World& host) : host_(host) {}

  comm::Communicator& communicator() override { return host_.communicator(); }
  std::unique_ptr<comm::Communicator> split_or_throw(const std::string& name, std::optional<int> colour,
                                                     int key) override {
    return std::make_unique<comm::StagedCommunicator>(host_.split_or_throw(name, colour, key));
  }
  void end_all_on_failure(const std::function<void()>& work) override { host_.end_all_on_failure(work); }

 private:
  comm::World& host_;
};

// Why no GPU can be used; empty where one can.
std::string missing_gpu(const tensor::GpuFacts& facts) {
  try {
    tensor::check_usable_or_throw(facts);
    return {};
  } catch (const tensor::NoUsableGpu& error) {
    return error.what();
  }
}

}  // namespace

ComputeDevice::ComputeDevice(const Options& options, comm::World& world) : host_(world) {
  const tensor::GpuFacts facts =
      options.device == DeviceChoice::cpu ? tensor::GpuFacts{} : tensor::gpu_facts();
  const std::string missing = options.device == DeviceChoice::cpu ? "--device cpu" : missing_gpu(facts);
  const bool anywhere =
      world.communicator().all_reduced<std::int32_t>(missing.empty() ? 1 : 0, comm::Reduction::max) == 1;
  if (options.device == DeviceChoice::cuda || (options.device == DeviceChoice::automatic && anywhere)) {
    open_gpu_or_throw(options, facts);
    return;
  }
  if (options.precision != cost::Precision::fp32) {
    throw cli::UsageError(std::string(precision_flag(options.precision)) +
                          ": training on the CPU is in fp32; leave it out, or start where there is a GPU (" +
                          missing + ")");
  }
  overview_ = " device: CPU, fp32";
}

void ComputeDevice::open_gpu_or_throw(const Options& options, const tensor::GpuFacts& facts) {
  comm::Communicator& world = host_.communicator();
  const auto sharing = options.share_gpus ? tensor::GpuSharing::allowed : tensor::GpuSharing::refused;
  const comm::GpuOfRank gpu = comm::gpu_of_rank_or_throw(world, facts, sharing);
  tensor::open_device(tensor::make_cuda_device_or_throw(gpu.ordinal));
  gpu_ = true;
  if (world.size() > 1) passing_ = std::make_unique<StagedWorld>(host_);
  const tensor::Device& device = tensor::device();
  overview_ = " device: " + device.name() + " of " + tensor::byte_text(device.total_bytes()) + ", " +
              precision_name(options.precision);
  if (options.precision == cost::Precision::fp32 && options.allow_tf32) overview_ += " with products in TF32";
  if (gpu.sharing > 1) overview_ += ", shared by " + std::to_string(gpu.sharing) + " ranks";
  const std::string mixed = comm::mixed_gpus(world, device.name());
  if (!mixed.empty() && world.rank() == 0) {
    log::warning("the ranks have different GPUs, and the slowest sets the pace: " + mixed);
  }
}

ComputeDevice::~ComputeDevice() {
  if (gpu_) tensor::close_device();
}

}  // namespace gpt::train_tool
