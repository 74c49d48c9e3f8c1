#pragma once

#include <vector>

#include "tests/fuzz/targets.hpp"

namespace gpt::fuzz {

// The reader of language models, and the languages of damaged texts.
std::vector<Target> language_targets();

}  // namespace gpt::fuzz
