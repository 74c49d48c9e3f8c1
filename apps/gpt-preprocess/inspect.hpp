#pragma once

#include "apps/gpt-preprocess/dataset_options.hpp"
#include "libcommon/cli/exit_code.hpp"

namespace gpt::preprocess {

// Numbers of a dataset, or the text of some of its documents, on stdout. Throws io::IoError, io::DataError.
cli::ExitCode run(const InfoOptions& options);

// Reads datasets from end to end: the index against itself and the .bin, and every id against the
// vocabulary's size. A line on stdout for each that is sound; throws io::DataError for the first that is not.
cli::ExitCode run(const VerifyOptions& options);

}  // namespace gpt::preprocess
