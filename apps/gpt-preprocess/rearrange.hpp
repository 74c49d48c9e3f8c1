#pragma once

#include "apps/gpt-preprocess/dataset_options.hpp"
#include "libcommon/cli/exit_code.hpp"

namespace gpt::preprocess {

// Documents of datasets that are there, put into new ones. Throw io::IoError, io::DataError.
cli::ExitCode run(const MergeOptions& options);
cli::ExitCode run(const SplitOptions& options);

}  // namespace gpt::preprocess
