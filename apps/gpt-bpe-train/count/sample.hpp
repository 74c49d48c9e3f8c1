#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>

#include <xxhash.h>

namespace gpt::bpe_train {

// A share of the documents, chosen by a hash of the seed and the place where each begins: the same ones
// whatever the threads and shards.
class Sample {
 public:
  // Everything.
  Sample() = default;
  // fraction: above 0, at most 1.
  Sample(double fraction, std::uint64_t seed)
      : is_everything_(fraction >= 1), seed_(seed), limit_(is_everything_ ? 0 : limit_of(fraction)) {}

  // 0: everything; else how many of 2^64 hashes are taken.
  std::uint64_t limit() const { return limit_; }
  std::uint64_t seed() const { return seed_; }

  // input: the position of its first mention in the list of inputs; begin: the document's first byte there.
  bool takes(std::size_t input, std::uint64_t begin) const {
    if (is_everything_) return true;
    const std::uint64_t place[2] = {input, begin};
    return XXH3_64bits_withSeed(place, sizeof place, seed_) < limit_;
  }

 private:
  static std::uint64_t limit_of(double fraction) {
    return static_cast<std::uint64_t>(std::ldexp(fraction, 64));
  }

  bool is_everything_ = true;
  std::uint64_t seed_ = 0;
  std::uint64_t limit_ = 0;
};

}  // namespace gpt::bpe_train
