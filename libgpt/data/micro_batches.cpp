#include "libgpt/data/micro_batches.hpp"

#include <cassert>

namespace gpt::data {

MicroBatches::MicroBatches(const SampleSource& source, BatchLayout layout, std::int64_t consumed_samples)
    : source_(source), layout_(layout), consumed_(consumed_samples) {}

std::optional<std::int64_t> MicroBatches::next() {
  const std::int64_t taken_by_all = layout_.micro_batch_size * layout_.data_ranks;
  if (source_.size() - consumed_ < taken_by_all) return std::nullopt;
  const std::int64_t first = consumed_ + layout_.data_rank * layout_.micro_batch_size;
  consumed_ += taken_by_all;
  return first;
}

std::optional<std::int64_t> MicroBatches::next(std::span<std::int32_t> tokens) {
  const auto width = static_cast<std::size_t>(source_.sequence_length() + 1);
  assert(tokens.size() == width * static_cast<std::size_t>(layout_.micro_batch_size));
  const auto first = next();
  if (!first) return std::nullopt;
  for (std::int64_t i = 0; i < layout_.micro_batch_size; ++i) {
    source_.read(*first + i, tokens.subspan(static_cast<std::size_t>(i) * width, width));
  }
  return first;
}

}  // namespace gpt::data
