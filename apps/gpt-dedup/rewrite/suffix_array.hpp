#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace gpt::dedup {

// Whether this build can make suffix arrays (libdivsufsort).
bool suffix_arrays_available();

// The begins of all suffixes of a text, in the order of the suffixes as bytes. At most 2^31 - 1 bytes.
// Memory: 4 bytes a byte. Throws std::runtime_error where the build has no suffix arrays.
std::vector<std::int32_t> suffix_array(std::string_view text);

// Whether suffix array[i] begins with the same `length` bytes as array[i - 1] (false for i = 0), in time that
// is linear in the text: by the permuted array of longest common prefixes of Kasai et al. (2001) and
// Kärkkäinen, Manzini and Puglisi (2009). Memory while it works: 4 bytes a byte.
std::vector<bool> shares_prefix_with_former(std::string_view text, std::span<const std::int32_t> array,
                                            std::size_t length);

}  // namespace gpt::dedup
