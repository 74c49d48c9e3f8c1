#pragma once

#include <vector>

#include "apps/gpt-estimate/options.hpp"
#include "apps/gpt-estimate/sheet.hpp"

namespace gpt::estimate {

// Sheets: model, layout, memory, traffic, and time where a speed was given.
std::vector<Sheet> estimate_model(const ModelTask& task);

}  // namespace gpt::estimate
