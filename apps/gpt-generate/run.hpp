#pragma once

#include "apps/gpt-generate/options.hpp"
#include "libcommon/cli/exit_code.hpp"

namespace gpt::generate_tool {

// Loads the model, does the task, writes the report.
cli::ExitCode run(const Options& options);

}  // namespace gpt::generate_tool
