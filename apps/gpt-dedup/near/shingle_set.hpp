#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "apps/gpt-dedup/near/shingles.hpp"

namespace gpt::dedup {

// The set of shingles: ascending, without repeats.
std::vector<std::uint64_t> shingle_set(Shingler& shingler, std::string_view text);

// |A ∩ B| / |A ∪ B| of two ascending lists without repeats; 0 for two empty ones: texts without a
// shingle are not known to be alike.
double jaccard(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b);
// Whether jaccard(a, b) >= least; stops as soon as too many elements have had no match.
bool jaccard_reaches(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b, double least);

// The Jaccard index of two texts' shingle sets, of which a part lies in memory at a time: the sets of texts
// of any length in about `bytes` bytes, where shingles are characters.
double jaccard_by_parts(Shingler& shingler, std::string_view a, std::string_view b, std::size_t bytes);

}  // namespace gpt::dedup
