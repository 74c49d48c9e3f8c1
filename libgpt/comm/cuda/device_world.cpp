#include "libgpt/comm/cuda/device_world.hpp"

#include "libgpt/comm/staged_world.hpp"

#ifdef GPT_HAVE_NCCL
#include "libgpt/comm/cuda/nccl_world.hpp"
#endif

namespace gpt::comm {

DeviceWorld make_device_world_or_throw(World& host, const GpuOfRank& gpu) {
  const int sharing = host.communicator().all_reduced<std::int32_t>(gpu.sharing, Reduction::max);
  const auto staged = [&](const std::string& why) {
    return DeviceWorld{std::make_unique<StagedWorld>(host), "host memory (" + why + ")"};
  };
  if (host.size() == 1) return staged("one rank");
  if (sharing > 1) return staged("up to " + std::to_string(sharing) + " ranks share a GPU");
#ifdef GPT_HAVE_NCCL
  return {make_nccl_world_or_throw(host), nccl_version_text()};
#else
  return staged("this build has no NCCL");
#endif
}

}  // namespace gpt::comm
