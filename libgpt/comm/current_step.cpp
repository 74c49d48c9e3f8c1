#include "libgpt/comm/current_step.hpp"

#include "libgpt/tensor/last_launch.hpp"

namespace gpt::comm {

void set_current_step(std::int64_t step) { tensor::note_step(step); }

std::optional<std::int64_t> current_step() { return tensor::noted_step(); }

}  // namespace gpt::comm
