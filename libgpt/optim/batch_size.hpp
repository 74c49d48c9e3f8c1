#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

namespace gpt::optim {

// The number of samples of a step: constant, or, with Megatron's --rampup-batch-size START INCREMENT SAMPLES,
// rising from START by INCREMENT at even distances until, after SAMPLES, it is the full one.
class BatchSize {
 public:
  struct Rampup {
    std::int64_t start = 0, increment = 0, samples = 0;
  };

  explicit BatchSize(std::int64_t full) : full_(full) {}
  // Throws std::invalid_argument, saying what would fit, unless start > 0, increment > 0, samples >= 0,
  // start <= full, the increments lead from start to full, and every size is a multiple of `multiple` (micro
  // batch size times data-parallel ranks).
  BatchSize(std::int64_t full, const std::optional<Rampup>& rampup, std::int64_t multiple);

  std::int64_t full() const { return full_; }
  // Of the step that begins after so many samples.
  std::int64_t at(std::int64_t consumed_samples) const;

  // Steps that train over at most so many samples; the samples that so many steps consume, and what is
  // consumed after so many more.
  std::int64_t steps_over(std::int64_t samples) const;
  std::int64_t samples_of(std::int64_t steps) const { return consumed_after(0, steps); }
  std::int64_t consumed_after(std::int64_t consumed_samples, std::int64_t steps) const;

 private:
  std::int64_t full_;
  std::optional<Rampup> rampup_;
};

}  // namespace gpt::optim
