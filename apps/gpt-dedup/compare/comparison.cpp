#include "apps/gpt-dedup/compare/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "apps/gpt-dedup/near/minhash.hpp"
#include "apps/gpt-dedup/near/shingle_set.hpp"

namespace gpt::dedup {
namespace {

using Signature = std::vector<std::uint32_t>;

Signature set_of(Signature signature) {
  std::sort(signature.begin(), signature.end());
  signature.erase(std::unique(signature.begin(), signature.end()), signature.end());
  return signature;
}

double set_similarity(const Signature& first, const Signature& second) {
  const Signature a = set_of(first);
  const Signature b = set_of(second);
  Signature common;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(common));
  return static_cast<double>(common.size()) / static_cast<double>(a.size() + b.size() - common.size());
}

std::vector<std::size_t> agreeing_bands(const Signature& first, const Signature& second, std::size_t bands) {
  const std::size_t rows = first.size() / bands;
  std::vector<std::size_t> agreeing;
  for (std::size_t band = 0; band < bands; ++band) {
    const auto begin = static_cast<std::ptrdiff_t>(band * rows);
    const auto end = begin + static_cast<std::ptrdiff_t>(rows);
    if (std::equal(first.begin() + begin, first.begin() + end, second.begin() + begin))
      agreeing.push_back(band + 1);
  }
  return agreeing;
}

}  // namespace

Comparison compare_texts(std::string_view first, std::string_view second, const MinHashOptions& options,
                         std::uint64_t seed) {
  Shingler shingler(options.shingles);
  const std::vector<std::uint64_t> a = shingle_set(shingler, first);
  const std::vector<std::uint64_t> b = shingle_set(shingler, second);
  Comparison out;
  out.first_shingles = a.size();
  out.second_shingles = b.size();
  if (out.has_no_shingles()) return out;
  std::vector<std::uint64_t> common;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(common));
  out.common_shingles = common.size();

  const auto seeds = static_cast<std::size_t>(options.seeds);
  MinHasher hasher(options.seeds, seed);
  Signature first_signature(seeds);
  Signature second_signature(seeds);
  hasher.sign(a, first_signature);
  hasher.sign(b, second_signature);

  out.jaccard = jaccard(a, b);
  out.minhash = set_similarity(first_signature, second_signature);
  out.signature = signature_similarity(first_signature, second_signature);
  out.bands = agreeing_bands(first_signature, second_signature, static_cast<std::size_t>(options.bands));
  const double rows = static_cast<double>(options.seeds) / options.bands;
  out.probability = 1 - std::pow(1 - std::pow(out.jaccard, rows), options.bands);
  return out;
}

}  // namespace gpt::dedup
