#pragma once

#include <vector>

#include "tests/fuzz/targets.hpp"

namespace gpt::fuzz {

// gpt-clean as a whole: recipes, what the rules of the presets do to texts, what becomes of records.
std::vector<Target> clean_document_targets();

}  // namespace gpt::fuzz
