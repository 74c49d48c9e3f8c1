#include "apps/gpt-train/compute_device.hpp"

#include "apps/gpt-train/precision_text.hpp"
#include "libcommon/cli/errors.hpp"
#include "libcommon/log/logger.hpp"
#include "libgpt/comm/gpu_of_rank.hpp"
#include "libgpt/tensor/cuda/cuda_device.hpp"

namespace gpt::train_tool {
namespace {

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
  device_world_ = comm::make_device_world_or_throw(host_, gpu);
  const tensor::Device& device = tensor::device();
  overview_ = " device: " + device.name() + " of " + tensor::byte_text(device.total_bytes()) + ", " +
              precision_name(options.precision);
  if (options.precision == cost::Precision::fp32 && options.allow_tf32) overview_ += " with products in TF32";
  if (world.size() > 1) overview_ += "; ranks pass messages by " + device_world_.body;
  if (gpu.sharing > 1) overview_ += ", shared by " + std::to_string(gpu.sharing) + " ranks";
  const std::string mixed = comm::mixed_gpus(world, device.name());
  if (!mixed.empty() && world.rank() == 0) {
    log::warning("the ranks have different GPUs, and the slowest sets the pace: " + mixed);
  }
}

ComputeDevice::~ComputeDevice() {
  device_world_.world.reset();  // before the device that its messages are on
  if (gpu_) tensor::close_device();
}

}  // namespace gpt::train_tool
