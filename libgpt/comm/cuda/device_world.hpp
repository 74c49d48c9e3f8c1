#pragma once

#include <memory>
#include <string>

#include "libgpt/comm/gpu_of_rank.hpp"
#include "libgpt/comm/world.hpp"

namespace gpt::comm {

// The same ranks, with groups that reach the device as well.
struct DeviceWorld {
  std::unique_ptr<World> world;
  std::string body;  // what passes the device's buffers, for a log: "NCCL 2.28.9"
};

// Called by all ranks of a world of the host, which it must not outlive, when each has opened its GPU
// (`gpu`). By NCCL where every rank has a GPU of its own; by way of host memory where ranks share one, where
// the build has no NCCL, and in a world of one. A message on the device that takes longer than the
// host's time limit ends all ranks with an error that names it. Throws CommError.
DeviceWorld make_device_world_or_throw(World& host, const GpuOfRank& gpu);

}  // namespace gpt::comm
