#pragma once

#include "apps/gpt-dedup/options.hpp"
#include "libcommon/cli/exit_code.hpp"

namespace gpt::dedup {

cli::ExitCode run(const Options& options);

}  // namespace gpt::dedup
