#pragma once

#include "apps/gpt-train/options.hpp"
#include "libcommon/cli/exit_code.hpp"

namespace gpt::train_tool {

// --print-layout: who is in which group and holds what, on standard output, and all of it in --report. Takes
// no memory for the model and opens no dataset. Throws cli::UsageError where the layout does not fit the
// model.
cli::ExitCode print_layout(const Options& settled);

}  // namespace gpt::train_tool
