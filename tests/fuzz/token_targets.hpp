#pragma once

#include <vector>

#include "tests/fuzz/targets.hpp"

namespace gpt::fuzz {

// The files of token ids: vocab.json, merges.txt, tokenizer.json, .idx.
std::vector<Target> token_targets();

}  // namespace gpt::fuzz
