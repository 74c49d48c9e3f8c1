#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "libcommon/tokenizer/byte_masks.hpp"
#include "libcommon/tokenizer/character_class.hpp"

namespace gpt::tokenizer {

// Cuts text into the pieces of GPT-2's split pattern character by character, as the pattern reads: what
// Gpt2Splitter (gpt2_split.hpp) must agree with.
class Gpt2ScalarSplitter {
 public:
  // text: valid UTF-8; it must stay alive.
  explicit Gpt2ScalarSplitter(std::string_view text)
      : at_(text.data()), end_(text.data() + text.size()), classes_(CharacterClasses::unicode()) {}

  bool at_end() const { return at_ == end_; }
  // The next piece; not at the end.
  std::string_view next();

 private:
  struct Character {
    CharacterClass kind;
    std::size_t length;
  };

  Character character_at(const char* p) const;
  const char* skip_run(const char* p, CharacterClass kind) const;
  const char* end_of_space_piece() const;
  std::size_t contraction_length() const;

  const char* at_;
  const char* end_;
  const CharacterClasses& classes_;
};

inline Gpt2ScalarSplitter::Character Gpt2ScalarSplitter::character_at(const char* p) const {
  const auto byte = [p](int i) { return static_cast<char32_t>(static_cast<unsigned char>(p[i])); };
  const char32_t first = byte(0);
  if (first < 0x80) return {detail::kAsciiClasses[first], 1};
  if (first < 0xE0) return {classes_[(first & 0x1F) << 6 | (byte(1) & 0x3F)], 2};
  if (first < 0xF0) return {classes_[(first & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F)], 3};
  return {classes_[(first & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F)],
          4};
}

inline const char* Gpt2ScalarSplitter::skip_run(const char* p, CharacterClass kind) const {
  while (p != end_) {
    const Character character = character_at(p);
    if (character.kind != kind) break;
    p += character.length;
  }
  return p;
}

inline std::size_t Gpt2ScalarSplitter::contraction_length() const {
  const std::ptrdiff_t left = end_ - at_;
  if (left < 2) return 0;
  const char second = at_[1];
  if (second == 's' || second == 't' || second == 'm' || second == 'd') return 2;
  if (left < 3) return 0;
  const char third = at_[2];
  const bool long_form =
      (second == 'r' && third == 'e') || (second == 'v' && third == 'e') || (second == 'l' && third == 'l');
  return long_form ? 3 : 0;
}

// A run of white space before a visible character leaves its last character to the next piece.
inline const char* Gpt2ScalarSplitter::end_of_space_piece() const {
  const char* last = at_;
  const char* p = at_;
  while (p != end_) {
    const Character character = character_at(p);
    if (character.kind != CharacterClass::space) return last == at_ ? p : last;
    last = p;
    p += character.length;
  }
  return p;
}

inline std::string_view Gpt2ScalarSplitter::next() {
  const char* const begin = at_;
  if (*begin == '\'') {
    if (const std::size_t length = contraction_length(); length != 0) {
      at_ += length;
      return {begin, length};
    }
  }
  const char* const first = begin + (*begin == ' ' ? 1 : 0);
  if (first == end_) {
    at_ = end_;
    return {begin, 1};
  }
  const Character character = character_at(first);
  at_ = character.kind == CharacterClass::space ? end_of_space_piece()
                                                : skip_run(first + character.length, character.kind);
  return {begin, static_cast<std::size_t>(at_ - begin)};
}

}  // namespace gpt::tokenizer
