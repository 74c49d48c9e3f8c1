#include "libgpt/data/gpt_dataset.hpp"

#include <algorithm>

namespace gpt::data {

GptDataset::GptDataset(std::shared_ptr<const dataset::IndexedDataset> dataset, SampleIndices indices,
                       const SampleIndexRequest& request)
    : dataset_(std::move(dataset)), indices_(std::move(indices)), request_(request) {}

void GptDataset::read(std::int64_t i, std::span<std::int32_t> tokens) const {
  const std::size_t sample = indices_.shuffle[static_cast<std::size_t>(i)];
  auto position = static_cast<std::size_t>(indices_.samples[2 * sample]);
  auto offset = static_cast<std::size_t>(indices_.samples[2 * sample + 1]);
  while (!tokens.empty()) {
    const auto document = static_cast<std::size_t>(indices_.documents[position++]);
    const std::size_t count = std::min(dataset_->size(document) - offset, tokens.size());
    dataset_->copy_tokens(document, offset, tokens.first(count));
    tokens = tokens.subspan(count);
    offset = 0;
  }
}

std::vector<DatasetShare> GptDataset::shares() const {
  DatasetShare share;
  share.path = dataset_->prefix();
  share.sequences = request_.range.size();
  share.tokens = indices_.plan.tokens_per_epoch;
  share.samples = request_.wanted;
  share.epochs =
      static_cast<double>(request_.wanted * request_.sequence_length) / static_cast<double>(share.tokens);
  return {share};
}

}  // namespace gpt::data
