#pragma once

#include <vector>

#include "tests/fuzz/targets.hpp"

namespace gpt::fuzz {

// What comes from the web: pages, addresses, robots.txt.
std::vector<Target> crawl_targets();

}  // namespace gpt::fuzz
