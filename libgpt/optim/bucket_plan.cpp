#include "libgpt/optim/bucket_plan.hpp"

#include <algorithm>

namespace gpt::optim {
namespace {

// Shards start at whole cache lines.
constexpr std::size_t kLine = 16;

void append(ElementRanges& ranges, ElementRange range) {
  if (range.count() == 0) return;
  if (!ranges.empty() && ranges.back().end == range.begin) {
    ranges.back().end = range.end;
  } else {
    ranges.push_back(range);
  }
}

ElementRange share_of_range(ElementRange range, const DataPlace& place) {
  const model::Share share =
      model::share_of(static_cast<std::int64_t>(range.count()), place.size, place.rank);
  return {range.begin + static_cast<std::size_t>(share.begin),
          range.begin + static_cast<std::size_t>(share.end)};
}

}  // namespace

std::size_t count_of(const ElementRanges& ranges) {
  std::size_t count = 0;
  for (const ElementRange& range : ranges) count += range.count();
  return count;
}

BucketPlan::BucketPlan(const model::ParameterLayout& layout, const DataPlace& place,
                       std::size_t bucket_elements)
    : place_(place) {
  const auto parameters = layout.parameters();
  const bool embedded = parameters.size() > 1 && parameters[0].role == model::ParameterRole::token_embedding;
  const std::size_t border = embedded ? parameters[1].offset : 0;
  add_region({0, border}, bucket_elements);
  add_region({border, layout.buffer_size()}, bucket_elements);
  for (const Bucket& bucket : buckets_) {
    append(updated_, shard(bucket));
    append(share_, share_of_range(bucket.range, place_));
  }
}

void BucketPlan::add_region(ElementRange region, std::size_t bucket_elements) {
  const bool sharded = place_.states == cost::OptimizerStates::sharded && place_.size > 1;
  const std::size_t unit = kLine * static_cast<std::size_t>(place_.size);
  const std::size_t units = region.count() / unit;
  const std::size_t buckets =
      std::min(units, (region.count() + bucket_elements - 1) / std::max<std::size_t>(bucket_elements, 1));
  std::size_t begin = region.begin;
  for (std::size_t i = 1; i <= buckets; ++i) {
    const std::size_t end = region.begin + units * i / buckets * unit;
    buckets_.push_back({{begin, end}, sharded ? Bucket::Sum::by_shards : Bucket::Sum::whole});
    begin = end;
  }
  if (begin < region.end) buckets_.push_back({{begin, region.end}, Bucket::Sum::whole});
}

ElementRange BucketPlan::shard(const Bucket& bucket) const {
  return bucket.sum == Bucket::Sum::whole ? bucket.range : share_of_range(bucket.range, place_);
}

}  // namespace gpt::optim
