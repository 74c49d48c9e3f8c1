#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gpt::text {

// Combining marks on one letter: more than any language writes (Unicode Standard Annex 15, stream-safe text).
inline constexpr std::size_t kMostMarks = 30;

// Whether a text, valid UTF-8, holds a longer run of combining marks. Putting such a run into canonical order
// takes time quadratic in its length.
bool has_mark_pile(std::string_view text);

// The text without the marks beyond kMostMarks of each run.
std::string cut_mark_piles(std::string_view text);

}  // namespace gpt::text
