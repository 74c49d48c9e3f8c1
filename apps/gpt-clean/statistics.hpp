#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace gpt::clean {

// How some sizes are distributed.
class Distribution {
 public:
  // Bucket 0 holds zeros, bucket k the sizes from 2^(k-1) to 2^k - 1.
  static constexpr std::size_t kBuckets = 65;
  using Buckets = std::array<std::uint64_t, kBuckets>;

  Distribution() = default;
  Distribution(const Buckets& buckets, std::uint64_t sum, std::uint64_t least, std::uint64_t greatest);

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
  Buckets buckets_{};
  std::uint64_t count_ = 0;
  std::uint64_t sum_ = 0;
  std::uint64_t least_ = 0;
  std::uint64_t greatest_ = 0;
};

// Of some of the documents: those in one language, or from one source.
struct Share {
  std::uint64_t documents = 0;
  std::uint64_t characters = 0;
  std::uint64_t words = 0;

  void absorb(const Share& other);
};

using Shares = std::map<std::string, Share>;

// What a corpus holds. Characters are code points; words hold a letter or a digit.
// docs/formats/statistics.md describes the JSON it is written as.
struct Statistics {
  std::uint64_t bytes = 0;  // of text in UTF-8
  Distribution characters_per_document;
  Distribution words_per_document;
  Distribution sentences_per_document;
  Distribution characters_per_sentence;
  Distribution words_per_sentence;
  Distribution tokens_per_document;  // these two empty where no vocabulary was given
  Distribution tokens_per_sentence;
  Shares languages;  // by code; empty where they were not identified
  Shares sources;    // by the value of a field; empty where none was asked for

  std::uint64_t documents() const { return characters_per_document.count(); }
  void absorb(const Statistics& other);
};

}  // namespace gpt::clean
