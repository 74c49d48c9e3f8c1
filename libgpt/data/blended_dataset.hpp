#pragma once

#include <memory>
#include <vector>

#include "libgpt/data/blend.hpp"
#include "libgpt/data/sample_source.hpp"

namespace gpt::data {

// Several datasets mixed by weight.
class BlendedDataset : public SampleSource {
 public:
  // sources[i] has at least index.counts[i] samples; all have one sequence length.
  BlendedDataset(std::vector<std::unique_ptr<SampleSource>> sources, std::vector<double> weights,
                 BlendIndex index)
      : sources_(std::move(sources)), weights_(std::move(weights)), index_(std::move(index)) {}

  std::int64_t size() const override { return static_cast<std::int64_t>(index_.dataset.size()); }
  std::int64_t sequence_length() const override { return sources_.front()->sequence_length(); }
  void read(std::int64_t i, std::span<std::int32_t> tokens) const override;
  std::vector<DatasetShare> shares() const override;

  const BlendIndex& index() const { return index_; }

 private:
  std::vector<std::unique_ptr<SampleSource>> sources_;
  std::vector<double> weights_;  // normalised
  BlendIndex index_;
};

}  // namespace gpt::data
