#pragma once

#include <cstdint>
#include <vector>

#include "libgpt/data/sample_source.hpp"
#include "libgpt/model/micro_batch.hpp"
#include "libgpt/train/document_boundaries.hpp"

namespace gpt::train {

// The samples of one step, cut into inputs and targets, from which micro batches are viewed.
class GlobalBatch {
 public:
  // Reads samples [first, first + count) of the source.
  GlobalBatch(const data::SampleSource& source, std::int64_t first, std::int64_t count,
              const DocumentRules& rules);

  // Tokens whose loss counts, of all samples.
  double unmasked_tokens() const { return unmasked_tokens_; }
  std::int64_t samples() const { return static_cast<std::int64_t>(sample_indices_.size()); }

  // Samples [first, first + count) of this batch; the view holds as long as the batch.
  model::MicroBatch micro_batch(std::int64_t first, std::int64_t count) const;

 private:
  std::int64_t length_;
  std::vector<std::int32_t> inputs_;
  std::vector<std::int32_t> targets_;
  std::vector<std::uint64_t> sample_indices_;
  DocumentArrays documents_;
  double unmasked_tokens_ = 0;
};

}  // namespace gpt::train
