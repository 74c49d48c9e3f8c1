#include "apps/gpt-dedup/shingles.hpp"

#include <algorithm>
#include <bit>
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

}  // namespace

Shingler::Shingler(int length) : length_(length), leaving_factor_(power(kBase, length)) {}

std::span<const std::uint64_t> Shingler::hashes(std::string_view text) {
  points_.resize(text.size());
  std::size_t count = 0;
  // One more than the code point, so that shingles of different lengths differ (a leading NUL counts).
  text::for_each_code_point(
      text, [&](char32_t point, std::size_t, std::size_t) { points_[count++] = std::uint64_t{point} + 1; });

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
  std::size_t common = 0;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    common += a[i] == b[j] ? 1 : 0;
    const bool step_a = a[i] <= b[j];
    j += b[j] <= a[i] ? 1 : 0;
    i += step_a ? 1 : 0;
  }
  return static_cast<double>(common) / static_cast<double>(a.size() + b.size() - common);
}

}  // namespace gpt::dedup
