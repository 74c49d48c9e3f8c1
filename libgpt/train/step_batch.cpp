#include "libgpt/train/step_batch.hpp"

#include <numeric>

namespace gpt::train {
namespace {

// The part of an array that belongs to some sequences; an array that is not there stays so.
template <class T>
std::span<const T> part_of(const std::vector<T>& values, std::size_t first, std::size_t count) {
  return values.empty() ? std::span<const T>() : std::span<const T>(values).subspan(first, count);
}

}  // namespace

BatchCut batch_cut(const comm::ParallelGroups& groups, std::int64_t micro_batch_size,
                   std::int64_t batch_size) {
  const std::int64_t replicas = groups.layout.data;
  return {micro_batch_size, batch_size / (micro_batch_size * replicas), groups.place.data, replicas};
}

StepBatch::StepBatch(const data::SampleSource& source, std::int64_t first, const BatchCut& cut,
                     const DocumentRules& rules)
    : length_(source.sequence_length()), micro_batch_size_(cut.micro_batch_size) {
  std::vector<std::int32_t> sample(static_cast<std::size_t>(length_ + 1));
  for (std::int64_t i = 0; i < cut.micro_batches * cut.micro_batch_size; ++i) {
    const std::int64_t micro_batch = i / cut.micro_batch_size * cut.replicas + cut.replica;
    const std::int64_t index = first + micro_batch * cut.micro_batch_size + i % cut.micro_batch_size;
    source.read(index, sample);
    inputs_.insert(inputs_.end(), sample.begin(), sample.end() - 1);
    targets_.insert(targets_.end(), sample.begin() + 1, sample.end());
    sample_indices_.push_back(static_cast<std::uint64_t>(index));
  }
  if (rules.any()) documents_ = document_arrays(rules, inputs_, static_cast<std::size_t>(length_));
  unmasked_tokens_ = documents_.loss_mask.empty()
                         ? static_cast<double>(inputs_.size())
                         : std::accumulate(documents_.loss_mask.begin(), documents_.loss_mask.end(), 0.0);
}

model::MicroBatch StepBatch::micro_batch(std::int64_t number) const {
  const auto first = static_cast<std::size_t>(number * micro_batch_size_);
  const auto begin = first * static_cast<std::size_t>(length_);
  const auto size = static_cast<std::size_t>(micro_batch_size_ * length_);
  model::MicroBatch batch;
  batch.sequences = micro_batch_size_;
  batch.length = length_;
  batch.tokens = part_of(inputs_, begin, size);
  batch.targets = part_of(targets_, begin, size);
  batch.loss_mask = part_of(documents_.loss_mask, begin, size);
  batch.positions = part_of(documents_.positions, begin, size);
  batch.attend_from = part_of(documents_.attend_from, begin, size);
  batch.sample_indices = part_of(sample_indices_, first, static_cast<std::size_t>(micro_batch_size_));
  return batch;
}

}  // namespace gpt::train
