#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace gpt::model {

// Tokens to append to the slots of a cache, and where logits are wanted.
struct InferenceBatch {
  std::span<const std::int32_t> tokens;
  // slots[i]: the cache slot that tokens[i] continues. Tokens of one slot stand together, in order.
  std::span<const std::int32_t> slots;
  // Indices into tokens, ascending: the model's prediction after these tokens is returned.
  std::span<const std::int32_t> wanted;
};

// The same, and where each token stands in its text.
struct PlacedBatch : InferenceBatch {
  std::span<const std::int32_t> positions;
  std::int64_t most_rows = 0;  // of one slot
  std::int64_t most_keys = 0;  // of a slot, with the new tokens
};

// Into what a batch is cut: at most `most` pieces, and of at least `least_tokens` tokens each, unless the
// whole has fewer; but however many it takes for none to have more than `most_tokens`.
struct PieceSizes {
  std::int64_t most = 1, least_tokens = 1, most_tokens = 1;
};

// Consecutive stretches of a batch, as even as they can be, to be appended one after the other.
std::vector<PlacedBatch> pieces_of(const PlacedBatch& batch, const PieceSizes& sizes,
                                   std::vector<std::int32_t>& wanted);

// How many tokens each slot of a cache holds.
class SlotLengths {
 public:
  SlotLengths() = default;
  SlotLengths(std::int64_t slots, std::int64_t capacity)
      : capacity_(capacity), lengths_(static_cast<std::size_t>(slots)) {}

  std::int64_t slots() const { return static_cast<std::int64_t>(lengths_.size()); }
  std::int64_t capacity() const { return capacity_; }
  std::int64_t length(std::int64_t slot) const { return lengths_[static_cast<std::size_t>(slot)]; }
  // Forgets what a slot holds beyond its first `length` tokens; 0 frees it for another sequence.
  void truncate(std::int64_t slot, std::int64_t length) {
    auto& held = lengths_[static_cast<std::size_t>(slot)];
    held = std::min(held, length);
  }
  // Where the batch's tokens go, in positions, which the result refers to. Throws ConfigError where a slot
  // would grow beyond the capacity or there is none of that number, ops::ShapeError for slots that are not
  // as many as tokens.
  PlacedBatch place_or_throw(const InferenceBatch& batch, std::vector<std::int32_t>& positions) const;
  // The batch is in the cache.
  void append(const PlacedBatch& batch);

 private:
  std::int64_t capacity_ = 0;
  std::vector<std::int64_t> lengths_;
};

}  // namespace gpt::model
