#pragma once

#include "apps/gpt-dedup/compare/compare_options.hpp"
#include "libcommon/cli/exit_code.hpp"

namespace gpt::dedup {

// Compares two documents and prints how alike they are.
cli::ExitCode run_compare(const CompareOptions& options);

}  // namespace gpt::dedup
