#pragma once

#include <optional>

namespace gpt::text {

// The character of a byte in Windows-1252; its five unassigned bytes mean what they do in Latin-1.
char32_t windows1252_point(unsigned char byte);

// The byte that Windows-1252, or else Latin-1, reads as this character.
std::optional<unsigned char> windows1252_byte(char32_t point);

}  // namespace gpt::text
