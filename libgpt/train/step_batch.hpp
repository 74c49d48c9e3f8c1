#pragma once

#include <cstdint>
#include <vector>

#include "libgpt/comm/parallel_groups.hpp"
#include "libgpt/data/sample_source.hpp"
#include "libgpt/model/micro_batch.hpp"
#include "libgpt/train/document_boundaries.hpp"

namespace gpt::train {

// How replicas of the model share out the samples of a step: replica r has micro batches r, r + d, r + 2 d
// ... of consecutive ones.
struct BatchCut {
  std::int64_t micro_batch_size = 1;
  std::int64_t micro_batches = 1;  // of a replica
  std::int64_t replica = 0;
  std::int64_t replicas = 1;

  std::int64_t samples() const { return micro_batch_size * micro_batches * replicas; }  // of all
};

// How this rank's replica takes its part of a batch of so many samples.
BatchCut batch_cut(const comm::ParallelGroups& groups, std::int64_t micro_batch_size,
                   std::int64_t batch_size);

// The samples of one step that one replica trains on (or evaluates), cut into inputs and targets, from which
// micro batches are viewed.
class StepBatch {
 public:
  // The step has samples [first, first + cut.samples()) of the source.
  StepBatch(const data::SampleSource& source, std::int64_t first, const BatchCut& cut,
            const DocumentRules& rules);

  // Tokens whose loss counts, of this replica's samples.
  double unmasked_tokens() const { return unmasked_tokens_; }

  // The view holds as long as the batch.
  model::MicroBatch micro_batch(std::int64_t number) const;

 private:
  std::int64_t length_;
  std::int64_t micro_batch_size_;
  std::vector<std::int32_t> inputs_;
  std::vector<std::int32_t> targets_;
  std::vector<std::uint64_t> sample_indices_;
  DocumentArrays documents_;
  double unmasked_tokens_ = 0;
};

}  // namespace gpt::train
