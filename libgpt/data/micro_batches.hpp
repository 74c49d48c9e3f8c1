#pragma once

#include <cstdint>
#include <optional>

#include "libgpt/data/sample_source.hpp"

namespace gpt::data {

struct BatchLayout {
  std::int64_t micro_batch_size = 1;
  std::int64_t data_rank = 0;  // this rank among those that train on different data
  std::int64_t data_ranks = 1;
};

// Which samples each micro batch of a rank takes, going on from a number of samples consumed: of every
// micro_batch_size · data_ranks consecutive samples, rank r has the r-th slice.
class MicroBatches {
 public:
  // source must stay alive.
  MicroBatches(const SampleSource& source, BatchLayout layout, std::int64_t consumed_samples);

  // Index of the first sample of this rank's next micro batch; the others follow it. Empty when fewer samples
  // than all ranks need are left.
  std::optional<std::int64_t> next();
  // The same, and reads the samples: tokens has room for micro_batch_size · (sequence_length + 1).
  std::optional<std::int64_t> next(std::span<std::int32_t> tokens);

  // By all ranks together, including those before this object was made.
  std::int64_t consumed_samples() const { return consumed_; }

 private:
  const SampleSource& source_;
  BatchLayout layout_;
  std::int64_t consumed_;
};

}  // namespace gpt::data
