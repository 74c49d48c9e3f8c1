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

std::vector<std::uint64_t> as_set(std::span<const std::uint64_t> shingles) {
  std::vector<std::uint64_t> set = sorted(shingles);
  set.erase(std::unique(set.begin(), set.end()), set.end());
  return set;
}

// The shingles of a text whose lowest bits are `part`. parts: a power of two.
std::vector<std::uint64_t> part_of_set(Shingler& shingler, std::string_view text, std::size_t part,
                                       std::size_t parts) {
  std::vector<std::uint64_t> found;
  std::size_t most = 4096;  // so many are no set yet: repeats go, lest one that fills a text fill the memory
  shingler.start(text);
  for (auto block = shingler.next_block(); !block.empty(); block = shingler.next_block()) {
    for (const std::uint64_t shingle : block)
      if ((shingle & (parts - 1)) == part) found.push_back(shingle);
    if (found.size() < most) continue;
    found = as_set(found);
    most = std::max(most, 2 * found.size());
  }
  return as_set(found);
}

}  // namespace

std::vector<std::uint64_t> shingle_set(Shingler& shingler, std::string_view text) {
  return as_set(shingler.hashes(text));
}

double jaccard_by_parts(Shingler& shingler, std::string_view a, std::string_view b, std::size_t bytes) {
  // A byte begins one shingle at most. Of both sets, and as often again while they are sorted.
  const std::size_t parts = std::bit_ceil((a.size() + b.size()) * 4 * sizeof(std::uint64_t) / bytes + 1);
  std::size_t common = 0;
  std::size_t total = 0;
  for (std::size_t part = 0; part < parts; ++part) {
    const std::vector<std::uint64_t> in_a = part_of_set(shingler, a, part, parts);
    const std::vector<std::uint64_t> in_b = part_of_set(shingler, b, part, parts);
    common += count_common(in_a, in_b, in_a.size() + in_b.size());
    total += in_a.size() + in_b.size();
  }
  return total == 0 ? 0 : static_cast<double>(common) / static_cast<double>(total - common);
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
