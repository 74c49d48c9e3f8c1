#pragma once

#include <cstdint>
#include <optional>

namespace gpt::comm {

// The training step that this process is in, for errors of messages and of the device: whoever counts steps
// tells it. Empty before the first. One for the process, as errors are also made by threads that watch over
// messages.
void set_current_step(std::int64_t step);
std::optional<std::int64_t> current_step();

}  // namespace gpt::comm
