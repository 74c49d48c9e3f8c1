#pragma once

#include "apps/gpt-train/options.hpp"
#include "libgpt/comm/communicator.hpp"

namespace gpt::train_tool {

// Threads of this rank: as --threads says, else the processors it may run on, shared out evenly among the
// ranks that may run on the same ones. Collective.
int threads_of_rank(const Options& options, comm::Communicator& world);

}  // namespace gpt::train_tool
