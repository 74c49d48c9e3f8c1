#pragma once

#include <cstdint>

namespace gpt::optim {

enum class DecayStyle { constant, linear, cosine };

// Megatron's schedule, counted in samples: a linear rise from 0 to `maximum` over the warm-up, then a fall to
// `minimum` that ends at decay_samples (counted from the start of training, warm-up included).
struct LearningRateSchedule {
  double maximum = 0;
  double minimum = 0;
  DecayStyle style = DecayStyle::linear;
  double warmup_samples = 0;  // a fraction of the decay may not be whole
  std::int64_t decay_samples = 1;

  // For an update made after so many samples; the first update of a run with warm-up has rate 0.
  double at(std::int64_t consumed_samples) const;
};

}  // namespace gpt::optim
