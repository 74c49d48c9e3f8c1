#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "apps/gpt-dedup/near/buckets.hpp"
#include "apps/gpt-dedup/near/signatures.hpp"

namespace gpt::dedup {

// What stands for a signature's numbers in one band: documents that agree in all of them have the same key.
std::uint64_t band_key(std::span<const std::uint32_t> signature, std::size_t band, std::size_t bands);

// One band of locality-sensitive hashing: rows whose signatures agree in the whole band share a bucket. Two
// documents of Jaccard index s meet in at least one of b bands of r numbers with probability 1 - (1 - s^r)^b.
class Band {
 public:
  // Sorts all rows by their numbers in the band. Memory: 12 bytes a row while it lasts.
  Band(const Signatures& signatures, std::size_t band, std::size_t bands);

  // Buckets of two rows or more, each ascending, ordered by their first row.
  std::size_t size() const { return buckets_.size(); }
  std::span<const Row> bucket(std::size_t i) const {
    return std::span(rows_).subspan(buckets_[i].begin, buckets_[i].count);
  }

 private:
  struct Range {
    std::size_t begin;
    std::size_t count;
  };
  std::vector<Row> rows_;
  std::vector<Range> buckets_;
};

// The buckets of signatures that lie in memory, each band sorted when it is asked for.
class SortedBuckets : public Buckets {
 public:
  SortedBuckets(const Signatures& signatures, std::size_t bands) : signatures_(signatures), bands_(bands) {}
  std::function<std::optional<BucketBatch>()> of_band(std::size_t band) const override;

 private:
  const Signatures& signatures_;
  std::size_t bands_;
};

// Whether two signatures agree in one of the first `before` bands.
bool meet_before(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b, std::size_t before,
                 std::size_t bands);

}  // namespace gpt::dedup
