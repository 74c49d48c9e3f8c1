#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "apps/gpt-dedup/near/shingles.hpp"

namespace gpt::dedup {

// Signatures whose share of equal numbers estimates the Jaccard index of two shingle sets (Broder 1997): of
// each permutation of the 32-bit numbers, the least image of a set's elements.
class MinHasher {
 public:
  MinHasher(int seeds, std::uint64_t seed);

  int seeds() const { return seeds_; }

  // out: seeds() numbers. Of no shingles all are the largest number. Shingles may repeat.
  void sign(std::span<const std::uint64_t> shingles, std::span<std::uint32_t> out);
  // The same of a text's shingles, in memory that does not grow with the text.
  void sign(Shingler& shingler, std::string_view text, std::span<std::uint32_t> out);
  // The same, said plainly; what sign is tested against.
  void sign_plainly(std::span<const std::uint64_t> shingles, std::span<std::uint32_t> out) const;

 private:
  void lower_minima(std::span<const std::uint64_t> shingles);

  int seeds_;
  // Permutation k is x → (x ^ flips_[k]) * factors_[k] modulo 2^32, the factor odd. Padded to whole vectors.
  std::vector<std::uint32_t> flips_;
  std::vector<std::uint32_t> factors_;
  std::vector<std::uint32_t> elements_;  // scratch: some shingles as 32-bit numbers
  std::vector<std::uint32_t> minima_;    // scratch
};

// The least share of equal numbers at which a Jaccard index of `threshold` is still to be reckoned with:
// below it such a share comes with a probability under 1e-9 (Chernoff's bound for independent permutations).
double least_plausible_similarity(double threshold, int seeds);

// Whether it is the signature of a text without a shingle.
bool has_no_shingle(std::span<const std::uint32_t> signature);
// How many numbers of two signatures are equal; those of texts without a shingle are equal to none.
std::size_t agreeing_seeds(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b);
// The share of them.
double signature_similarity(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b);

}  // namespace gpt::dedup
