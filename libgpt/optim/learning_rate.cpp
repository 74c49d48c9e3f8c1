#include "libgpt/optim/learning_rate.hpp"

#include <cmath>
#include <numbers>

namespace gpt::optim {

double LearningRateSchedule::at(std::int64_t consumed_samples) const {
  const auto n = static_cast<double>(consumed_samples);
  if (warmup_samples > 0 && n <= warmup_samples) return maximum * n / warmup_samples;
  if (style == DecayStyle::constant) return maximum;
  if (consumed_samples > decay_samples) return minimum;
  const double done = (n - warmup_samples) / (static_cast<double>(decay_samples) - warmup_samples);
  const double left = style == DecayStyle::linear ? 1 - done : (1 + std::cos(std::numbers::pi * done)) / 2;
  return minimum + left * (maximum - minimum);
}

}  // namespace gpt::optim
