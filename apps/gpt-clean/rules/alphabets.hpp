#pragma once

#include <cstdint>

namespace gpt::clean {

// Languages of Europe that write a letter, one bit each (alphabets.cpp says which); all bits for a letter
// that tells nothing, as those of ASCII. Capitals count as their small letters.
using Languages = std::uint32_t;
inline constexpr Languages kAnyLanguage = ~Languages{0};
Languages languages_writing(char32_t letter);

}  // namespace gpt::clean
