#include "libgpt/cost/layout.hpp"

namespace gpt::cost {
namespace {

// `count` ranks, `stride` apart.
std::vector<std::int64_t> ranks_from(std::int64_t first, std::int64_t stride, std::int64_t count) {
  std::vector<std::int64_t> ranks;
  for (std::int64_t i = 0; i < count; ++i) ranks.push_back(first + i * stride);
  return ranks;
}

}  // namespace

std::int64_t micro_batches(const Batch& batch, const Layout& layout) {
  return batch.global_batch / (batch.micro_batch * layout.data);
}

double pipeline_bubble(std::int64_t pipeline, std::int64_t micro_batches, std::int64_t virtual_stages) {
  return static_cast<double>(pipeline - 1) / static_cast<double>(virtual_stages * micro_batches);
}

RankGroups rank_groups(const Layout& layout) {
  const std::int64_t stage_size = layout.tensor * layout.data;
  RankGroups groups;
  for (std::int64_t stage = 0; stage < layout.pipeline; ++stage) {
    const std::int64_t first = stage * stage_size;
    for (std::int64_t replica = 0; replica < layout.data; ++replica)
      groups.tensor.push_back(ranks_from(first + replica * layout.tensor, 1, layout.tensor));
    for (std::int64_t slice = 0; slice < layout.tensor; ++slice)
      groups.data.push_back(ranks_from(first + slice, layout.tensor, layout.data));
  }
  for (std::int64_t rank = 0; rank < stage_size; ++rank)
    groups.pipeline.push_back(ranks_from(rank, stage_size, layout.pipeline));
  return groups;
}

RankPlace rank_place(const Layout& layout, std::int64_t rank) {
  return {rank % layout.tensor, rank / layout.tensor % layout.data, rank / (layout.tensor * layout.data)};
}

}  // namespace gpt::cost
