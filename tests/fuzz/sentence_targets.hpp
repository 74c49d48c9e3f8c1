#pragma once

#include <vector>

#include "tests/fuzz/targets.hpp"

namespace gpt::fuzz {

// Sentences of damaged texts, and the lists of words that their splitting follows.
std::vector<Target> sentence_targets();

}  // namespace gpt::fuzz
