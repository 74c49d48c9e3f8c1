#include "apps/gpt-dedup/near/minhash.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "apps/gpt-dedup/vector_clones.hpp"

namespace gpt::dedup {
namespace {

constexpr std::uint32_t kLargest = std::numeric_limits<std::uint32_t>::max();

// Permutations worked on at once; the compiler lowers it to what the processor has.
constexpr std::size_t kLanes = 16;
using Lanes = std::uint32_t __attribute__((vector_size(4 * kLanes)));
// Where they lie among other numbers. A type of its own: within a template clang forgets the alignment of an
// alias.
struct [[gnu::packed, gnu::may_alias]] LanesInMemory {
  Lanes lanes;
};

// kCount vectors of minima stay in registers while all elements pass by.
template <std::size_t kCount>
[[gnu::always_inline]] inline void update_minima(const std::uint32_t* elements, std::size_t count,
                                                 const std::uint32_t* flips, const std::uint32_t* factors,
                                                 std::uint32_t* minima) {
  Lanes flip[kCount];
  Lanes factor[kCount];
  Lanes least[kCount];
  for (std::size_t v = 0; v < kCount; ++v) {
    flip[v] = reinterpret_cast<const LanesInMemory*>(flips + v * kLanes)->lanes;
    factor[v] = reinterpret_cast<const LanesInMemory*>(factors + v * kLanes)->lanes;
    least[v] = reinterpret_cast<const LanesInMemory*>(minima + v * kLanes)->lanes;
  }
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t v = 0; v < kCount; ++v) {
      const Lanes image = (elements[i] ^ flip[v]) * factor[v];
      least[v] = image < least[v] ? image : least[v];
    }
  }
  for (std::size_t v = 0; v < kCount; ++v)
    reinterpret_cast<LanesInMemory*>(minima + v * kLanes)->lanes = least[v];
}

// lanes: a multiple of kLanes.
GPT_CLONES_FOR("avx512f", "avx2", "default")
void least_images(const std::uint32_t* elements, std::size_t count, const std::uint32_t* flips,
                  const std::uint32_t* factors, std::uint32_t* minima, std::size_t lanes) {
  std::size_t at = 0;
  for (; at + 7 * kLanes <= lanes; at += 7 * kLanes)
    update_minima<7>(elements, count, flips + at, factors + at, minima + at);
  for (; at + 4 * kLanes <= lanes; at += 4 * kLanes)
    update_minima<4>(elements, count, flips + at, factors + at, minima + at);
  for (; at + 2 * kLanes <= lanes; at += 2 * kLanes)
    update_minima<2>(elements, count, flips + at, factors + at, minima + at);
  for (; at < lanes; at += kLanes) update_minima<1>(elements, count, flips + at, factors + at, minima + at);
}

GPT_CLONES_FOR("avx512f", "avx2", "default")
std::uint32_t count_equal(const std::uint32_t* a, const std::uint32_t* b, std::size_t count) {
  std::uint32_t equal = 0;
  for (std::size_t k = 0; k < count; ++k)
    equal += static_cast<std::uint32_t>(a[k] == b[k]) & static_cast<std::uint32_t>(a[k] != kLargest);
  return equal;
}

// A shingle's hash is well mixed: its upper half serves as the element.
std::uint32_t element_of(std::uint64_t shingle) { return static_cast<std::uint32_t>(shingle >> 32U); }

}  // namespace

MinHasher::MinHasher(int seeds, std::uint64_t seed) : seeds_(seeds) {
  const std::size_t lanes = (static_cast<std::size_t>(seeds) + kLanes - 1) / kLanes * kLanes;
  flips_.resize(lanes);
  factors_.resize(lanes);
  minima_.resize(lanes);
  std::mt19937_64 generator(seed);
  for (std::size_t k = 0; k < lanes; ++k) {
    const std::uint64_t drawn = generator();
    flips_[k] = static_cast<std::uint32_t>(drawn >> 32U);
    factors_[k] = static_cast<std::uint32_t>(drawn) | 1U;
  }
}

void MinHasher::lower_minima(std::span<const std::uint64_t> shingles) {
  elements_.resize(shingles.size());
  std::transform(shingles.begin(), shingles.end(), elements_.begin(), element_of);
  least_images(elements_.data(), elements_.size(), flips_.data(), factors_.data(), minima_.data(),
               minima_.size());
}

void MinHasher::sign(std::span<const std::uint64_t> shingles, std::span<std::uint32_t> out) {
  std::fill(minima_.begin(), minima_.end(), kLargest);
  lower_minima(shingles);
  std::copy_n(minima_.begin(), seeds_, out.begin());
}

void MinHasher::sign(Shingler& shingler, std::string_view text, std::span<std::uint32_t> out) {
  std::fill(minima_.begin(), minima_.end(), kLargest);
  shingler.start(text);
  for (auto block = shingler.next_block(); !block.empty(); block = shingler.next_block()) lower_minima(block);
  std::copy_n(minima_.begin(), seeds_, out.begin());
}

void MinHasher::sign_plainly(std::span<const std::uint64_t> shingles, std::span<std::uint32_t> out) const {
  for (std::size_t k = 0; k < static_cast<std::size_t>(seeds_); ++k) {
    out[k] = kLargest;
    for (const std::uint64_t shingle : shingles)
      out[k] = std::min(out[k], (element_of(shingle) ^ flips_[k]) * factors_[k]);
  }
}

double least_plausible_similarity(double threshold, int seeds) {
  // P(share <= q) <= exp(-n D(q || t)), D the relative entropy of two coins.
  const auto n = static_cast<double>(seeds);
  const auto entropy = [&](double q) {
    const double equal = q > 0 ? q * std::log(q / threshold) : 0;
    const double different = q < 1 ? (1 - q) * std::log((1 - q) / (1 - threshold)) : 0;
    return equal + different;
  };
  for (int equal = static_cast<int>(std::floor(threshold * n)); equal >= 0; --equal)
    if (n * entropy(equal / n) > std::log(1e9)) return (equal + 1) / n;
  return 0;
}

bool has_no_shingle(std::span<const std::uint32_t> signature) {
  return std::all_of(signature.begin(), signature.end(),
                     [](std::uint32_t least) { return least == kLargest; });
}

std::size_t agreeing_seeds(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
  return count_equal(a.data(), b.data(), a.size());
}

double signature_similarity(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
  return static_cast<double>(agreeing_seeds(a, b)) / static_cast<double>(a.size());
}

}  // namespace gpt::dedup
