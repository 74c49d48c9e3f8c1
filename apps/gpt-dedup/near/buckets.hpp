#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "apps/gpt-dedup/near/signatures.hpp"

namespace gpt::dedup {

// Some buckets of one band, each of two rows or more, ascending.
class BucketBatch {
 public:
  std::size_t size() const { return ends_.size(); }
  std::size_t rows() const { return rows_.size(); }
  std::span<const Row> bucket(std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
    return std::span(rows_).subspan(begin, ends_[i] - begin);
  }
  void add(std::span<const Row> bucket) {
    rows_.insert(rows_.end(), bucket.begin(), bucket.end());
    ends_.push_back(rows_.size());
  }

 private:
  std::vector<Row> rows_;
  std::vector<std::size_t> ends_;
};

// Where the buckets of all bands come from.
class Buckets {
 public:
  // A batch has about so many rows, so that a band with many comparisons is shared out among threads.
  static constexpr std::size_t kRowsABatch = 256;

  virtual ~Buckets() = default;
  // Batches of a band until empty.
  virtual std::function<std::optional<BucketBatch>()> of_band(std::size_t band) const = 0;
};

// Flags the documents that share a bucket with another. documents: how many there are.
std::vector<bool> candidates(const Buckets& buckets, std::size_t bands, const Signatures& signatures,
                             std::size_t documents);

}  // namespace gpt::dedup
