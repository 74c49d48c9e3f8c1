#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace gpt::dedup {

// Shingles: all runs of n code points of a text, hashed to 64 bits. A text shorter than n is one shingle; an
// empty text has none.
class Shingler {
 public:
  explicit Shingler(int length);

  // One hash a position, repeats included; valid until the next call. text: valid UTF-8.
  std::span<const std::uint64_t> hashes(std::string_view text);

 private:
  std::size_t decode(std::string_view text);

  int length_;
  std::uint64_t leaving_factor_;  // what a code point weighs when it leaves the window
  std::vector<std::uint64_t> points_;
  std::vector<std::uint64_t> hashes_;
};

// The set of shingles: ascending, without repeats.
std::vector<std::uint64_t> shingle_set(Shingler& shingler, std::string_view text);

// |A ∩ B| / |A ∪ B| of two ascending lists without repeats; 1 for two empty ones.
double jaccard(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b);
// Whether jaccard(a, b) >= least; stops as soon as too many elements have had no match.
bool jaccard_reaches(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b, double least);

}  // namespace gpt::dedup
