#pragma once

#include <cstdint>

namespace gpt::train {

// --rampup-batch-size START INCREMENT SAMPLES: steps begin with START samples and grow by INCREMENT, in equal
// stretches of the first SAMPLES samples, up to the global batch size.
struct BatchRampUp {
  std::int64_t start = 0;  // 0: no ramp-up
  std::int64_t increment = 0;
  std::int64_t samples = 0;

  bool any() const { return start != 0; }
};

// Samples of the step that begins when so many have been consumed.
std::int64_t batch_size_at(const BatchRampUp& ramp_up, std::int64_t global_batch_size,
                           std::int64_t consumed_samples);

// Whole steps in so many samples: those of the ramp-up, then steps of the global batch size.
std::int64_t steps_in_samples(const BatchRampUp& ramp_up, std::int64_t global_batch_size,
                              std::int64_t samples);

}  // namespace gpt::train
