#pragma once

#include "apps/gpt-train/options.hpp"
#include "libcommon/cli/exit_code.hpp"
#include "libgpt/comm/world.hpp"

namespace gpt::train_tool {

// Trains, as one rank of the world. 0 when all iterations are done, 75 after a stop.
cli::ExitCode run(const Options& options, comm::World& world);

}  // namespace gpt::train_tool
