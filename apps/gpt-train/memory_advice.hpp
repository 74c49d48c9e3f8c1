#pragma once

#include <cstddef>
#include <string>

#include "apps/gpt-train/train_on.hpp"

namespace gpt::train_tool {

// What to tell of a run that did not fit into a device's memory: what it was predicted to take, and with
// which options it would fit.
std::string memory_advice(const RankRun& run, std::size_t device_bytes);

}  // namespace gpt::train_tool
