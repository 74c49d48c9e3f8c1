#pragma once

#include "apps/gpt-clean/options.hpp"
#include "libcommon/cli/exit_code.hpp"

namespace gpt::clean {

// Reads the inputs, cleans them, writes what is left and the report.
cli::ExitCode run(const Options& options);

}  // namespace gpt::clean
