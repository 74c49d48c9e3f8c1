#pragma once

#include <vector>

#include "apps/gpt-estimate/options.hpp"
#include "apps/gpt-estimate/sheet.hpp"

namespace gpt::estimate {

// One sheet: time.
std::vector<Sheet> estimate_time(const TimeTask& task);

}  // namespace gpt::estimate
