#pragma once

#include <string>
#include <vector>

#include "apps/gpt-clean/statistics.hpp"

namespace gpt::clean {

// Statistics for a reader: totals, a line for each distribution, the largest languages and sources.
std::vector<std::string> table_of(const Statistics& statistics);

}  // namespace gpt::clean
