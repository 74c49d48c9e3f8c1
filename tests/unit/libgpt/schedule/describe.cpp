#include "tests/unit/libgpt/schedule/describe.hpp"

namespace gpt::schedule {

std::string describe(std::int64_t stage, const Action& action) {
  return (action.pass == Pass::forward ? "forward" : "backward") + std::string(" of micro batch ") +
         std::to_string(action.micro_batch) + " through chunk " + std::to_string(action.chunk) +
         " on stage " + std::to_string(stage);
}

}  // namespace gpt::schedule
