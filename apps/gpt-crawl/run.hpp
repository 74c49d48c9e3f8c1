#pragma once

#include "apps/gpt-crawl/options.hpp"
#include "libcommon/cli/exit_code.hpp"

namespace gpt::crawl {

// Reads or fetches the pages, writes their records, links and the report.
cli::ExitCode run(const Options& options);

}  // namespace gpt::crawl
