#include "libgpt/train/batch_ramp_up.hpp"

#include <algorithm>
#include <cmath>

namespace gpt::train {
namespace {

// Samples over which the batch keeps one size; 0 when it never grows.
double stretch_of(const BatchRampUp& ramp_up, std::int64_t global_batch_size) {
  const std::int64_t stretches = (global_batch_size - ramp_up.start) / ramp_up.increment;
  return stretches == 0 ? 0 : static_cast<double>(ramp_up.samples) / static_cast<double>(stretches);
}

}  // namespace

std::int64_t batch_size_at(const BatchRampUp& ramp_up, std::int64_t global_batch_size,
                           std::int64_t consumed_samples) {
  if (!ramp_up.any() || consumed_samples > ramp_up.samples) return global_batch_size;
  const double stretch = stretch_of(ramp_up, global_batch_size);
  if (stretch == 0) return global_batch_size;
  const auto increments = static_cast<std::int64_t>(static_cast<double>(consumed_samples) / stretch);
  return std::min(ramp_up.start + increments * ramp_up.increment, global_batch_size);
}

std::int64_t steps_in_samples(const BatchRampUp& ramp_up, std::int64_t global_batch_size,
                              std::int64_t samples) {
  std::int64_t consumed = 0;
  std::int64_t steps = 0;
  const double stretch = ramp_up.any() ? stretch_of(ramp_up, global_batch_size) : 0;
  while (true) {
    const std::int64_t batch = batch_size_at(ramp_up, global_batch_size, consumed);
    if (batch == global_batch_size) return steps + (samples - consumed) / batch;
    // At least one step of this size, and as many as begin within its stretch.
    const double end = (std::floor(static_cast<double>(consumed) / stretch) + 1) * stretch;
    const double within = std::ceil((end - static_cast<double>(consumed)) / static_cast<double>(batch));
    const std::int64_t count = std::max<std::int64_t>(1, static_cast<std::int64_t>(within));
    const std::int64_t fitting = std::min(count, (samples - consumed) / batch);
    steps += fitting;
    consumed += fitting * batch;
    if (fitting < count) return steps;
  }
}

}  // namespace gpt::train
