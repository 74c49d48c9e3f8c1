#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "libgpt/cost/layout.hpp"
#include "libgpt/model/parameter_layout.hpp"

namespace gpt::optim {

// Elements [begin, end) of a flat buffer.
struct ElementRange {
  std::size_t begin = 0, end = 0;
  std::size_t count() const { return end - begin; }
  friend bool operator==(const ElementRange&, const ElementRange&) = default;
};

// Elements of a flat buffer, in order and without overlap.
using ElementRanges = std::vector<ElementRange>;
std::size_t count_of(const ElementRanges& ranges);

// A rank among those that hold the same part of the model and train it on different samples.
struct DataPlace {
  std::int64_t rank = 0, size = 1;
  cost::OptimizerStates states = cost::OptimizerStates::whole;
};

// A stretch of the gradients that is summed over the data group at once.
struct Bucket {
  enum class Sum { whole, by_shards };  // every rank gets all of it, or each an equal shard
  ElementRange range;
  Sum sum = Sum::whole;
};

// How a flat buffer is cut into buckets, and what of it a rank of the data group takes care of. With sharded
// optimizer states (Rajbhandari et al., arXiv 1910.02054, stage 1) buckets are summed by shards but for a
// few elements at their end, fewer than 16 a rank. The token embedding has buckets of its own, so
// that the first and the last pipeline stage, which share it, cut it alike.
class BucketPlan {
 public:
  static constexpr std::size_t kBucketElements = std::size_t{4} << 20;

  BucketPlan(const model::ParameterLayout& layout, const DataPlace& place,
             std::size_t bucket_elements = kBucketElements);

  std::span<const Bucket> buckets() const { return buckets_; }  // front to back, without gaps
  // This rank's shard of a bucket: all of it where it is not summed by shards.
  ElementRange shard(const Bucket& bucket) const;

  // What this rank updates, and keeps the moments of. All of it, or with sharded states its shards.
  const ElementRanges& updated() const { return updated_; }
  // A share of the buffer of which the ranks of the data group together have each element once, and of which
  // this rank has the summed gradients.
  const ElementRanges& share() const { return share_; }

 private:
  void add_region(ElementRange region, std::size_t bucket_elements);

  DataPlace place_;
  std::vector<Bucket> buckets_;
  ElementRanges updated_;
  ElementRanges share_;
};

}  // namespace gpt::optim
