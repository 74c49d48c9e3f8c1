#pragma once

#include <cstdint>
#include <vector>

namespace gpt::tokenizer {

// What the newer split patterns ask of a character, as bits: a mark or a letter without case is both `upper`
// and `lower`, since o200k lets it stand in either part of a word.
namespace trait {
inline constexpr std::uint8_t kLetter = 1;    // general category L
inline constexpr std::uint8_t kNumber = 2;    // N
inline constexpr std::uint8_t kSpace = 4;     // property White_Space
inline constexpr std::uint8_t kUpper = 8;     // Lu, Lt, Lm, Lo, M
inline constexpr std::uint8_t kLower = 16;    // Ll, Lm, Lo, M
inline constexpr std::uint8_t kLineEnd = 32;  // \r and \n
}  // namespace trait

// The traits of each of the 0x110000 code points by the Unicode tables of ICU, built once a process.
class CharacterTraits {
 public:
  static const CharacterTraits& unicode();

  std::uint8_t operator[](char32_t point) const { return traits_[point]; }

 private:
  CharacterTraits();
  std::vector<std::uint8_t> traits_;
};

}  // namespace gpt::tokenizer
