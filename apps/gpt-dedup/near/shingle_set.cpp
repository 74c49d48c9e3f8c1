#include "apps/gpt-dedup/near/shingle_set.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

namespace gpt::dedup {
namespace {

// Ascending order of numbers that are spread evenly over all 64 bits: scattered by their leading bits into as
// many buckets as there are numbers, they are nearly in order. On 4,000 shingles five times std::sort's
// speed.
std::vector<std::uint64_t> sorted(std::span<const std::uint64_t> numbers) {
  const int bits = std::max(1, static_cast<int>(std::bit_width(numbers.size())) - 1);
  const auto bucket_of = [bits](std::uint64_t number) {
    return static_cast<std::size_t>(number >> (64 - bits));
  };
  std::vector<std::size_t> begins((std::size_t{1} << bits) + 1);
  for (const std::uint64_t number : numbers) ++begins[bucket_of(number) + 1];
  std::partial_sum(begins.begin(), begins.end(), begins.begin());
  std::vector<std::size_t> ends(begins.begin(), begins.end() - 1);
  std::vector<std::uint64_t> out(numbers.size());
  for (const std::uint64_t number : numbers) out[ends[bucket_of(number)]++] = number;
  for (std::size_t bucket = 0; bucket + 1 < begins.size(); ++bucket) {
    const auto first = out.begin() + static_cast<std::ptrdiff_t>(begins[bucket]);
    const auto last = out.begin() + static_cast<std::ptrdiff_t>(begins[bucket + 1]);
    if (last - first > 1) std::sort(first, last);
  }
  return out;
}

// |A ∩ B|; or what was found of it when more than most_unmatched elements have no match.
std::size_t count_common(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b,
                         std::size_t most_unmatched) {
  std::size_t common = 0;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    const std::uint64_t in_a = a[i];
    const std::uint64_t in_b = b[j];
    common += in_a == in_b ? 1 : 0;
    i += in_a <= in_b ? 1 : 0;
    j += in_b <= in_a ? 1 : 0;
    if (i + j > 2 * common + most_unmatched) break;
  }
  return common;
}

}  // namespace

std::vector<std::uint64_t> shingle_set(Shingler& shingler, std::string_view text) {
  std::vector<std::uint64_t> set = sorted(shingler.hashes(text));
  set.erase(std::unique(set.begin(), set.end()), set.end());
  return set;
}

double jaccard(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b) {
  if (a.empty() && b.empty()) return 0;
  const std::size_t common = count_common(a, b, a.size() + b.size());
  return static_cast<double>(common) / static_cast<double>(a.size() + b.size() - common);
}

bool jaccard_reaches(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b, double least) {
  if (a.empty() && b.empty()) return least <= 0;
  // J >= t needs |A| + |B| - 2 |A and B| <= (|A| + |B|) (1 - t)/(1 + t). One more, for rounding.
  const auto total = static_cast<double>(a.size() + b.size());
  const auto most_unmatched = static_cast<std::size_t>(total * (1 - least) / (1 + least)) + 1;
  const std::size_t common = count_common(a, b, most_unmatched);
  return static_cast<double>(common) / static_cast<double>(a.size() + b.size() - common) >= least;
}

}  // namespace gpt::dedup
