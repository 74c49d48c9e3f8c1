#pragma once

#include <array>
#include <cstdint>

namespace gpt::clean {

// Encodings of one byte a character that UTF-8 is read as by mistake, the commonest first. A byte that a page
// leaves unassigned is the C1 control of the same number; windows1252 and windows1254 stand for Latin-1 and
// -5 too, in which all those controls are.
enum class CodePage : std::uint8_t {
  windows1252,
  windows1250,
  windows1251,
  windows1253,
  windows1254,
  windows1257,
  iso8859_2,
  iso8859_15,
  mac_roman,
  cp850,
  cp437,
  cp852,
  cp866,
};
inline constexpr std::size_t kCodePages = 13;

// A set of code pages, one bit each.
using CodePageSet = std::uint16_t;
constexpr CodePageSet set_of(CodePage page) {
  return static_cast<CodePageSet>(1u << static_cast<unsigned>(page));
}

// The byte (0x80 and up) that a page reads as this character; 0 where there is none.
std::uint8_t high_byte(CodePage page, char32_t point);

// The pages in which the character's byte begins a UTF-8 sequence of several bytes, or continues one.
CodePageSet lead_pages(char32_t point);
CodePageSet continuation_pages(char32_t point);

}  // namespace gpt::clean
