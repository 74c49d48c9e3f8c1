#pragma once

#include <cstdint>
#include <optional>
#include <source_location>
#include <string>

namespace gpt::tensor {

// What the device was last given to do, for its errors: kernels run after their launch, and what one does
// wrong is reported by whatever comes next. Told by those who launch and by whoever counts steps; of the
// process.
void note_launch(const std::source_location& site);
void note_step(std::int64_t step);
std::optional<std::int64_t> noted_step();

// "after the launch at layer_norm.cu:88, in step 12", or empty where nothing was noted.
std::string last_launch_text();

}  // namespace gpt::tensor
