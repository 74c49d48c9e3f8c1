#pragma once

#include <cstdint>
#include <span>

namespace gpt::model {

// What one forward pass reads. All arrays are row-major [sequences, length] unless said otherwise, and
// belong to the caller.
struct MicroBatch {
  std::int64_t sequences = 0;
  std::int64_t length = 0;
  std::span<const std::int32_t> tokens;
  std::span<const std::int32_t> targets;
  std::span<const float> loss_mask;           // 1 counts, 0 does not; empty: all count
  std::span<const std::int32_t> positions;    // empty: 0, 1, ... length - 1 in each sequence
  std::span<const std::int32_t> attend_from;  // first position each query may see; empty: 0
  // [sequences]: place of each sequence in the whole training run, counted from 0. Keys dropout, so that a
  // mask does not depend on how a batch is cut. Empty where there is no dropout (evaluation).
  std::span<const std::uint64_t> sample_indices;
};

// Cross entropy over the unmasked tokens of a micro batch, in nats.
struct LossSum {
  double loss = 0;    // sum of -log p(target)
  double tokens = 0;  // sum of the loss mask

  LossSum& operator+=(const LossSum& other) {
    loss += other.loss;
    tokens += other.tokens;
    return *this;
  }
  double mean() const { return loss / tokens; }
};

}  // namespace gpt::model
