#include "apps/gpt-clean/statistics_distribution.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace gpt::clean {

Distribution::Distribution(Buckets buckets, std::uint64_t sum, std::uint64_t least, std::uint64_t greatest)
    : buckets_(std::move(buckets)),
      count_(std::accumulate(buckets_.begin(), buckets_.end(), std::uint64_t{0})),
      sum_(sum),
      least_(least),
      greatest_(greatest) {}

void Distribution::add(std::uint64_t size) {
  least_ = count() == 0 ? size : std::min(least_, size);
  greatest_ = std::max(greatest_, size);
  sum_ += size;
  ++count_;
  const auto bucket = static_cast<std::size_t>(std::bit_width(size));
  if (bucket >= buckets_.size()) buckets_.resize(bucket + 1);
  ++buckets_[bucket];
}

void Distribution::absorb(const Distribution& other) {
  if (other.count() == 0) return;
  least_ = count() == 0 ? other.least_ : std::min(least_, other.least_);
  greatest_ = std::max(greatest_, other.greatest_);
  sum_ += other.sum_;
  count_ += other.count_;
  if (buckets_.size() < other.buckets_.size()) buckets_.resize(other.buckets_.size());
  for (std::size_t i = 0; i < other.buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
}

double Distribution::mean() const {
  const std::uint64_t all = count();
  return all == 0 ? std::numeric_limits<double>::quiet_NaN()
                  : static_cast<double>(sum_) / static_cast<double>(all);
}

std::uint64_t Distribution::at_most(double share) const {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count())));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (seen < wanted || seen == 0) continue;
    return i + 1 < kMostBuckets ? std::min(greatest_, lower_end(i + 1) - 1) : greatest_;
  }
  return greatest_;
}

}  // namespace gpt::clean
