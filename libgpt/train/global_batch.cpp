#include "libgpt/train/global_batch.hpp"

#include <numeric>

namespace gpt::train {
namespace {

// The part of an array that belongs to some sequences; an array that is not there stays so.
template <class T>
std::span<const T> part_of(const std::vector<T>& values, std::size_t first, std::size_t count) {
  return values.empty() ? std::span<const T>() : std::span<const T>(values).subspan(first, count);
}

}  // namespace

GlobalBatch::GlobalBatch(const data::SampleSource& source, std::int64_t first, std::int64_t count,
                         const DocumentRules& rules)
    : length_(source.sequence_length()) {
  std::vector<std::int32_t> sample(static_cast<std::size_t>(length_ + 1));
  for (std::int64_t i = first; i < first + count; ++i) {
    source.read(i, sample);
    inputs_.insert(inputs_.end(), sample.begin(), sample.end() - 1);
    targets_.insert(targets_.end(), sample.begin() + 1, sample.end());
    sample_indices_.push_back(static_cast<std::uint64_t>(i));
  }
  if (rules.any()) documents_ = document_arrays(rules, inputs_, static_cast<std::size_t>(length_));
  unmasked_tokens_ = documents_.loss_mask.empty()
                         ? static_cast<double>(inputs_.size())
                         : std::accumulate(documents_.loss_mask.begin(), documents_.loss_mask.end(), 0.0);
}

model::MicroBatch GlobalBatch::micro_batch(std::int64_t first, std::int64_t count) const {
  const auto begin = static_cast<std::size_t>(first * length_);
  const auto size = static_cast<std::size_t>(count * length_);
  model::MicroBatch batch;
  batch.sequences = count;
  batch.length = length_;
  batch.tokens = part_of(inputs_, begin, size);
  batch.targets = part_of(targets_, begin, size);
  batch.loss_mask = part_of(documents_.loss_mask, begin, size);
  batch.positions = part_of(documents_.positions, begin, size);
  batch.attend_from = part_of(documents_.attend_from, begin, size);
  batch.sample_indices =
      part_of(sample_indices_, static_cast<std::size_t>(first), static_cast<std::size_t>(count));
  return batch;
}

}  // namespace gpt::train
