#pragma once

#include "apps/gpt-generate/options.hpp"
#include "libcommon/cli/exit_code.hpp"
#include "libgpt/comm/world.hpp"

namespace gpt::generate_tool {

// Loads the model onto the ranks of the world; rank 0 does the task and writes the report. Throws
// cli::UsageError where the layout asked for is not one for as many ranks.
cli::ExitCode run(const Options& options, comm::World& world);

}  // namespace gpt::generate_tool
