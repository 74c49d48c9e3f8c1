#pragma once

#include <vector>

#include "tests/fuzz/targets.hpp"

namespace gpt::fuzz {

// The files of a checkpoint or model folder.
std::vector<Target> checkpoint_targets();

}  // namespace gpt::fuzz
