#pragma once

#include "apps/gpt-estimate/options.hpp"
#include "libcommon/cli/exit_code.hpp"

namespace gpt::estimate {

cli::ExitCode run(const Options& options);

}  // namespace gpt::estimate
