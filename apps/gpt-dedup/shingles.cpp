#include "apps/gpt-dedup/shingles.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>

#include "libcommon/text/utf8.hpp"

namespace gpt::dedup {
namespace {

// Base of the rolling polynomial, modulo 2^64: odd, its bits without a pattern.
constexpr std::uint64_t kBase = 0x9E3779B97F4A7C15;

// A bijection that spreads every input bit over all output bits (the finalizer of MurmurHash3, 64 bits).
std::uint64_t mixed(std::uint64_t x) {
  x ^= x >> 33U;
  x *= 0xFF51AFD7ED558CCD;
  x ^= x >> 33U;
  x *= 0xC4CEB9FE1A85EC53;
  return x ^ (x >> 33U);
}

std::uint64_t power(std::uint64_t base, int exponent) {
  std::uint64_t result = 1;
  for (int i = 0; i < exponent; ++i) result *= base;
  return result;
}

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

Shingler::Shingler(int length) : length_(length), leaving_factor_(power(kBase, length)) {}

// Fills points_ and returns how many. A point is one more than its code, so that shingles of different
// lengths differ (a leading NUL counts). Eight ASCII characters are taken at once.
std::size_t Shingler::decode(std::string_view text) {
  points_.resize(text.size());
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size();) {
    std::uint64_t eight = 0;
    if (text.size() - at >= 8) std::memcpy(&eight, text.data() + at, 8);
    if (text.size() - at >= 8 && (eight & 0x8080808080808080) == 0) {
      for (std::size_t i = 0; i < 8; ++i) points_[count + i] = static_cast<unsigned char>(text[at + i]) + 1U;
      count += 8;
      at += 8;
      continue;
    }
    const text::DecodedPoint decoded = text::decode_utf8(text.substr(at));
    points_[count++] = std::uint64_t{decoded.point} + 1;
    at += decoded.length;
  }
  return count;
}

std::span<const std::uint64_t> Shingler::hashes(std::string_view text) {
  const std::size_t count = decode(text);
  const std::size_t window = std::min(count, static_cast<std::size_t>(length_));
  hashes_.clear();
  if (window == 0) return hashes_;
  hashes_.resize(count - window + 1);
  std::uint64_t rolling = 0;
  for (std::size_t i = 0; i < window; ++i) rolling = rolling * kBase + points_[i];
  hashes_[0] = mixed(rolling);
  for (std::size_t i = window; i < count; ++i) {
    rolling = rolling * kBase + (points_[i] - points_[i - window] * leaving_factor_);
    hashes_[i - window + 1] = mixed(rolling);
  }
  return hashes_;
}

std::vector<std::uint64_t> shingle_set(Shingler& shingler, std::string_view text) {
  std::vector<std::uint64_t> set = sorted(shingler.hashes(text));
  set.erase(std::unique(set.begin(), set.end()), set.end());
  return set;
}

double jaccard(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b) {
  if (a.empty() && b.empty()) return 1;
  const std::size_t common = count_common(a, b, a.size() + b.size());
  return static_cast<double>(common) / static_cast<double>(a.size() + b.size() - common);
}

bool jaccard_reaches(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b, double least) {
  if (a.empty() && b.empty()) return true;
  // J >= t needs |A| + |B| - 2 |A and B| <= (|A| + |B|) (1 - t)/(1 + t). One more, for rounding.
  const auto total = static_cast<double>(a.size() + b.size());
  const auto most_unmatched = static_cast<std::size_t>(total * (1 - least) / (1 + least)) + 1;
  const std::size_t common = count_common(a, b, most_unmatched);
  return static_cast<double>(common) / static_cast<double>(a.size() + b.size() - common) >= least;
}

}  // namespace gpt::dedup
