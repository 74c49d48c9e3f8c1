#include "libgpt/comm/cuda/rank_device.hpp"

#include <utility>

#include "libgpt/comm/cuda/device_world.hpp"
#include "libgpt/comm/gpu_of_rank.hpp"
#include "libgpt/tensor/cuda/cuda_device.hpp"

namespace gpt::comm {
namespace {

// Empty where a GPU can be used.
std::string missing_of_gpu(const tensor::GpuFacts& facts) {
  try {
    tensor::check_usable_or_throw(facts);
    return {};
  } catch (const tensor::NoUsableGpu& error) {
    return error.what();
  }
}

}  // namespace

RankDevice::RankDevice(World& world, DeviceChoice choice, tensor::GpuSharing sharing) : host_(world) {
  if (choice == DeviceChoice::cpu) {
    why_no_gpu_ = "--device cpu";
    return;
  }
  const tensor::GpuFacts facts = tensor::gpu_facts();
  why_no_gpu_ = missing_of_gpu(facts);
  const std::int32_t found = why_no_gpu_.empty() ? 1 : 0;
  const bool anywhere = world.communicator().all_reduced(found, Reduction::max) == 1;
  if (choice == DeviceChoice::automatic && !anywhere) return;
  open_gpu_or_throw(gpu_of_rank_or_throw(world.communicator(), facts, sharing));
}

void RankDevice::open_gpu_or_throw(const GpuOfRank& gpu) {
  tensor::open_device(tensor::make_cuda_device_or_throw(gpu.ordinal));
  is_gpu_ = true;
  sharing_ = gpu.sharing;
  try {
    const tensor::Device& device = tensor::device();
    name_ = device.name() + " of " + tensor::byte_text(device.total_bytes());
    DeviceWorld passing = make_device_world_or_throw(host_, gpu);
    passing_ = std::move(passing.world);
    body_ = std::move(passing.body);
    const std::string mixed = mixed_gpus(host_.communicator(), device.name());
    if (!mixed.empty()) warning_ = "the ranks have different GPUs, and the slowest sets the pace: " + mixed;
  } catch (...) {
    passing_.reset();
    tensor::close_device();
    throw;
  }
}

RankDevice::~RankDevice() {
  passing_.reset();  // before the device that its messages are on
  if (is_gpu_) tensor::close_device();
}

}  // namespace gpt::comm
