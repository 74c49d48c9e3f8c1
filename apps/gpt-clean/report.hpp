#pragma once

#include "apps/gpt-clean/options.hpp"
#include "apps/gpt-clean/tally.hpp"
#include "libcommon/log/run_report.hpp"

namespace gpt::clean {

// The closing table, to the log.
void tell(const Options& options, const Tally& total);

// The fields of the JSON report.
void fill(log::RunReport& report, const Options& options, const Recipe& recipe, const Tally& total);

}  // namespace gpt::clean
