#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "apps/gpt-dedup/near/minhash_options.hpp"

namespace gpt::dedup {

// How alike two texts are, and whether LSH would compare them.
struct Comparison {
  std::size_t first_shingles = 0;
  std::size_t second_shingles = 0;
  std::size_t common_shingles = 0;
  double jaccard = 0;  // of the shingle sets
  double minhash =
      0;  // of the signatures taken as sets of numbers, as the notebook of the bootcamp prints it
  double signature = 0;  // the share of seeds whose numbers agree, which estimates jaccard without bias
  std::vector<std::size_t> bands;  // in which the signatures agree, from 1
  double probability = 0;          // with which texts of this Jaccard index agree in a band

  bool candidates() const { return !bands.empty(); }
  // A text without a shingle is like no other: then all is 0, and no band agrees.
  bool has_no_shingles() const { return first_shingles == 0 || second_shingles == 0; }
};

Comparison compare_texts(std::string_view first, std::string_view second, const MinHashOptions& options,
                         std::uint64_t seed);

}  // namespace gpt::dedup
