#pragma once

#include <string>
#include <vector>

#include "libgpt/comm/communicator.hpp"
#include "libgpt/tensor/gpu_choice.hpp"

namespace gpt::comm {

struct GpuOfRank {
  int ordinal = 0;  // among those that this process sees
  int sharing = 1;  // ranks that have this GPU, this one included
};

// Which GPU this rank takes: each of the ranks of one machine another, whether all of them see all GPUs or
// the scheduler gave each its own. Called by all ranks, with what tensor::gpu_facts() says on each. Throws
// tensor::NoUsableGpu.
GpuOfRank gpu_of_rank_or_throw(Communicator& world, const tensor::GpuFacts& facts,
                               tensor::GpuSharing sharing);

// Where the ranks' GPUs are of several kinds, which ranks have which: "NVIDIA A100 on ranks 0, 1, 2 and 5
// more, NVIDIA H100 on rank 8"; the slowest then sets the pace. Empty where all are alike. Called by all
// ranks.
std::string mixed_gpus(Communicator& world, const std::string& kind);

}  // namespace gpt::comm
