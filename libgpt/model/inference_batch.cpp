#include "libgpt/model/inference_batch.hpp"

#include <algorithm>
#include <string>

#include "libgpt/model/batch_check.hpp"
#include "libgpt/model/model_config.hpp"
#include "libgpt/model/tensor_part.hpp"
#include "libgpt/ops/shape_error.hpp"

namespace gpt::model {

std::vector<PlacedBatch> pieces_of(const PlacedBatch& batch, const PieceSizes& sizes,
                                   std::vector<std::int32_t>& wanted) {
  const std::int64_t tokens = std::ssize(batch.tokens);
  const std::int64_t count = std::max(std::clamp<std::int64_t>(tokens / sizes.least_tokens, 1, sizes.most),
                                      (tokens + sizes.most_tokens - 1) / sizes.most_tokens);
  wanted.assign(batch.wanted.begin(), batch.wanted.end());
  std::vector<PlacedBatch> pieces;
  std::size_t row = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    const Share share = share_of(tokens, count, i);
    const auto first = static_cast<std::size_t>(share.begin);
    const auto size = static_cast<std::size_t>(share.count());
    const std::size_t first_row = row;
    for (; row < wanted.size() && wanted[row] < share.end; ++row) {
      wanted[row] -= static_cast<std::int32_t>(share.begin);
    }
    PlacedBatch piece = batch;  // its bounds on rows and keys hold for a part of it
    piece.tokens = batch.tokens.subspan(first, size);
    piece.slots = batch.slots.subspan(first, size);
    piece.positions = batch.positions.subspan(first, size);
    piece.wanted = std::span<const std::int32_t>(wanted).subspan(first_row, row - first_row);
    pieces.push_back(piece);
  }
  return pieces;
}

PlacedBatch SlotLengths::place_or_throw(const InferenceBatch& batch,
                                        std::vector<std::int32_t>& positions) const {
  ops::check_elements("inference", "slots", batch.slots.size(),
                      static_cast<std::int64_t>(batch.tokens.size()));
  check_indices_or_throw("cache slot", batch.slots, slots());
  check_indices_or_throw("wanted row", batch.wanted, static_cast<std::int64_t>(batch.tokens.size()));
  PlacedBatch placed{batch, {}, 0, 0};
  positions.clear();
  std::int64_t rows = 0;
  for (std::size_t i = 0; i < batch.slots.size(); ++i) {
    rows = i > 0 && batch.slots[i] == batch.slots[i - 1] ? rows + 1 : 1;
    const std::int64_t keys = length(batch.slots[i]) + rows;
    if (keys > capacity_) {
      throw ConfigError("a sequence grows beyond the " + std::to_string(capacity_) +
                        " tokens its cache was made for");
    }
    positions.push_back(static_cast<std::int32_t>(keys - 1));
    placed.most_rows = std::max(placed.most_rows, rows);
    placed.most_keys = std::max(placed.most_keys, keys);
  }
  placed.positions = positions;
  return placed;
}

void SlotLengths::append(const PlacedBatch& batch) {
  for (std::size_t i = 0; i < batch.slots.size(); ++i) {
    lengths_[static_cast<std::size_t>(batch.slots[i])] = batch.positions[i] + 1;
  }
}

}  // namespace gpt::model
