#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gpt::clean {

// How some sizes are distributed.
class Distribution {
 public:
  // Bucket 0 holds zeros, bucket k the sizes from 2^(k-1) to 2^k - 1.
  // Those behind the last one with a size in it are left out, since many distributions are small.
  static constexpr std::size_t kMostBuckets = 65;
  using Buckets = std::vector<std::uint64_t>;

  Distribution() = default;
  Distribution(Buckets buckets, std::uint64_t sum, std::uint64_t least, std::uint64_t greatest);

  void add(std::uint64_t size);
  void absorb(const Distribution& other);

  std::uint64_t count() const { return count_; }
  std::uint64_t sum() const { return sum_; }
  std::uint64_t least() const { return least_; }  // 0 of nothing
  std::uint64_t greatest() const { return greatest_; }
  double mean() const;  // not a number of nothing
  // The size that this share of all does not exceed, as the upper end of its bucket or the greatest.
  std::uint64_t at_most(double share) const;
  const Buckets& buckets() const { return buckets_; }
  static std::uint64_t lower_end(std::size_t bucket) {
    return bucket == 0 ? 0 : std::uint64_t{1} << (bucket - 1);
  }

 private:
  Buckets buckets_;
  std::uint64_t count_ = 0;
  std::uint64_t sum_ = 0;
  std::uint64_t least_ = 0;
  std::uint64_t greatest_ = 0;
};

}  // namespace gpt::clean
