#pragma once

#include <cstdint>
#include <span>

namespace gpt::clean {

// How odd characters are beside each other, in tenths: 0 is what texts are full of, 25 and more is what
// hardly any text holds on purpose (a small letter before a capital with an accent, a letter before a
// currency sign, Latin within Cyrillic). Judged by classes of characters alone, so it knows no language.
// points: a stretch of a text; before, after: what stands around it, ' ' at the ends of a text.
int oddness(std::span<const char32_t> points, char32_t before, char32_t after);

}  // namespace gpt::clean
