#include "libgpt/model/row_order.hpp"

#include <algorithm>
#include <numeric>

namespace gpt::model {

std::vector<std::int32_t> counted_positions(std::int64_t sequences, std::int64_t length) {
  std::vector<std::int32_t> positions(static_cast<std::size_t>(sequences * length));
  const std::span<std::int32_t> all(positions);
  for (std::int64_t s = 0; s < sequences; ++s) {
    const auto one = all.subspan(static_cast<std::size_t>(s * length), static_cast<std::size_t>(length));
    std::iota(one.begin(), one.end(), 0);
  }
  return positions;
}

// A counting sort: the keys are as many as a vocabulary has tokens, or a model positions.
std::vector<std::int32_t> rows_by_key(std::span<const std::int32_t> keys) {
  if (keys.empty()) return {};
  std::vector<std::int32_t> next(static_cast<std::size_t>(*std::max_element(keys.begin(), keys.end())) + 2);
  for (const std::int32_t key : keys) ++next[static_cast<std::size_t>(key) + 1];
  std::partial_sum(next.begin(), next.end(), next.begin());
  std::vector<std::int32_t> rows(keys.size());
  for (std::size_t row = 0; row < keys.size(); ++row) {
    rows[static_cast<std::size_t>(next[static_cast<std::size_t>(keys[row])]++)] =
        static_cast<std::int32_t>(row);
  }
  return rows;
}

}  // namespace gpt::model
