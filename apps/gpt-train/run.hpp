#pragma once

#include "apps/gpt-train/options.hpp"
#include "libcommon/cli/exit_code.hpp"

namespace gpt::train_tool {

// Trains. 0 when all iterations are done, 75 after a stop.
cli::ExitCode run(const Options& options);

}  // namespace gpt::train_tool
