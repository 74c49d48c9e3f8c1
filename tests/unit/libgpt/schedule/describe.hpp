#pragma once

#include <cstdint>
#include <string>

#include "libgpt/schedule/action.hpp"

namespace gpt::schedule {

// "forward of micro batch 3 through chunk 1 on stage 2", for messages.
std::string describe(std::int64_t stage, const Action& action);

}  // namespace gpt::schedule
