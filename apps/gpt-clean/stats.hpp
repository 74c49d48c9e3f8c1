#pragma once

#include "apps/gpt-clean/options.hpp"
#include "libcommon/cli/exit_code.hpp"

namespace gpt::clean {

// `gpt-clean stats`: measures documents, or adds up what earlier runs measured, and writes the statistics.
cli::ExitCode run_stats(const StatsOptions& options);

}  // namespace gpt::clean
