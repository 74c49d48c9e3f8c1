#pragma once

#include <memory>
#include <vector>

#include "libcommon/dataset/indexed_dataset.hpp"
#include "libgpt/data/sample_indices.hpp"
#include "libgpt/data/sample_source.hpp"

namespace gpt::data {

// Samples cut from one part of one indexed dataset.
class GptDataset : public SampleSource {
 public:
  // wanted: what the run takes of it, for shares().
  GptDataset(std::shared_ptr<const dataset::IndexedDataset> dataset, SampleIndices indices,
             const SampleIndexRequest& request);

  std::int64_t size() const override { return indices_.plan.samples; }
  std::int64_t sequence_length() const override { return request_.sequence_length; }
  void read(std::int64_t i, std::span<std::int32_t> tokens) const override;
  std::vector<DatasetShare> shares() const override;

  const SampleIndices& indices() const { return indices_; }

 private:
  std::shared_ptr<const dataset::IndexedDataset> dataset_;
  SampleIndices indices_;
  SampleIndexRequest request_;
};

}  // namespace gpt::data
