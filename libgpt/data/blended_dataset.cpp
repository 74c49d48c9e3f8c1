#include "libgpt/data/blended_dataset.hpp"

namespace gpt::data {

void BlendedDataset::read(std::int64_t i, std::span<std::int32_t> tokens) const {
  const auto at = static_cast<std::size_t>(i);
  sources_[static_cast<std::size_t>(index_.dataset[at])]->read(index_.sample[at], tokens);
}

std::vector<DatasetShare> BlendedDataset::shares() const {
  std::vector<DatasetShare> rows;
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    DatasetShare row = sources_[i]->shares().front();
    row.weight = weights_[i];
    row.samples = index_.counts[i];
    row.epochs = static_cast<double>(row.samples * sequence_length()) / static_cast<double>(row.tokens);
    rows.push_back(row);
  }
  return rows;
}

}  // namespace gpt::data
