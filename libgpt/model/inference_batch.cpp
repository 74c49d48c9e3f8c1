#include "libgpt/model/inference_batch.hpp"

#include <string>

#include "libgpt/model/batch_check.hpp"
#include "libgpt/model/model_config.hpp"
#include "libgpt/ops/shape_error.hpp"

namespace gpt::model {

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
