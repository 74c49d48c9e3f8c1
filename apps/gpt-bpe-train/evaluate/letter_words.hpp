#pragma once

#include <cstdint>
#include <string_view>

#include "libcommon/text/utf8.hpp"
#include "libcommon/tokenizer/character_class.hpp"

namespace gpt::bpe_train {

// Whether a piece of text is what figures about words go by: letters, with or without a space before.
inline bool is_letter_word(std::string_view piece) {
  if (piece.starts_with(' ')) piece.remove_prefix(1);
  if (piece.empty()) return false;
  const auto& classes = tokenizer::CharacterClasses::unicode();
  for (std::size_t at = 0; at < piece.size();) {
    const text::DecodedPoint decoded = text::decode_utf8(piece.substr(at));
    if (!decoded.valid || classes[decoded.point] != tokenizer::CharacterClass::letter) return false;
    at += decoded.length;
  }
  return true;
}

// How a vocabulary cuts words, by how often they occur.
struct WordFigures {
  std::uint64_t words = 0;
  std::uint64_t kept_whole = 0;  // those that are one token
  std::uint64_t tokens = 0;

  void add(std::uint64_t count, std::uint64_t tokens_each, bool is_whole) {
    words += count;
    tokens += count * tokens_each;
    if (is_whole) kept_whole += count;
  }
};

}  // namespace gpt::bpe_train
