#pragma once

#include <vector>

#include "tests/fuzz/targets.hpp"

namespace gpt::fuzz {

// Readers of what comes over a connection that anybody may open: the ranks' letters, and lists of hosts.
std::vector<Target> rank_targets();

}  // namespace gpt::fuzz
