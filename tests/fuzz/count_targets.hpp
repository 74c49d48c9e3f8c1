#pragma once

#include <vector>

#include "tests/fuzz/targets.hpp"

namespace gpt::fuzz {

// Files of word counts: as they lie on the disk, and behind their checksums.
std::vector<Target> count_targets();

}  // namespace gpt::fuzz
