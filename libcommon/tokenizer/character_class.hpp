#pragma once

#include <cstdint>
#include <vector>

namespace gpt::tokenizer {

// The four kinds of character that split patterns tell apart: general category L, general category N,
// property White_Space, and everything else (marks, symbols, unassigned code points).
enum class CharacterClass : std::uint8_t { other, letter, number, space };

// The class of each of the 0x110000 code points by the Unicode tables of ICU, built once a process.
class CharacterClasses {
 public:
  static const CharacterClasses& unicode();

  CharacterClass operator[](char32_t point) const { return classes_[point]; }

 private:
  CharacterClasses();
  std::vector<CharacterClass> classes_;
};

}  // namespace gpt::tokenizer
