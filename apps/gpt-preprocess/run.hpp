#pragma once

#include "apps/gpt-preprocess/options.hpp"
#include "libcommon/cli/exit_code.hpp"

namespace gpt::preprocess {

// inputs → lines → ids → PREFIX_KEY_document.bin and .idx, documents in the order of the inputs.
cli::ExitCode run(const Options& options);

}  // namespace gpt::preprocess
