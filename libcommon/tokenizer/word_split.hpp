#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "libcommon/tokenizer/character_traits.hpp"

namespace gpt::tokenizer {

// How a splitter of the cl100k family differs from its kin; a type, so that each is compiled by itself.
struct Cl100kRules {
  static constexpr int kDigits = 3;
  static constexpr bool kCasedWords = false;  // words begin anew at a capital; contractions stay with them
  static constexpr bool kSpaceToEndWhole = false;  // `\s++$` stands before the line ends
};
struct Cl100kToEndRules : Cl100kRules {
  static constexpr bool kSpaceToEndWhole = true;
};
struct Qwen2Rules : Cl100kRules {
  static constexpr int kDigits = 1;
};
struct O200kRules : Cl100kRules {
  static constexpr bool kCasedWords = true;
};

// Cuts text into the pieces of a split pattern of the cl100k family (split_pattern.hpp):
//   contractions 's 't 're 've 'm 'll 'd of either case · letters, with one character before them that is no
//   letter, number or line end · up to kDigits numbers · other characters, with a space before and line ends
//   behind · white space up to its last line end · white space but for the last before a visible character ·
//   white space
// The pieces are consecutive and cover the text.
template <class Rules>
class WordSplitter {
 public:
  // text: valid UTF-8; it must stay alive.
  explicit WordSplitter(std::string_view text)
      : at_(text.data()), end_(text.data() + text.size()), traits_(CharacterTraits::unicode()) {}

  bool at_end() const { return at_ == end_; }
  // The next piece; not at the end.
  std::string_view next() {
    const char* const begin = at_;
    at_ = end_of_piece(begin);
    return {begin, static_cast<std::size_t>(at_ - begin)};
  }

 private:
  struct Character {
    std::uint8_t traits = 0;
    std::uint8_t length = 0;
    bool is(std::uint8_t wanted) const { return (traits & wanted) != 0; }
  };

  // No character at the end of the text: no trait, length 0.
  Character character_at(const char* p) const {
    if (p == end_) return {};
    const auto byte = [p](int i) { return static_cast<char32_t>(static_cast<unsigned char>(p[i])); };
    const char32_t first = byte(0);
    if (first < 0x80) return {traits_[first], 1};
    if (first < 0xE0) return {traits_[(first & 0x1F) << 6 | (byte(1) & 0x3F)], 2};
    if (first < 0xF0) return {traits_[(first & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F)], 3};
    return {traits_[(first & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F)],
            4};
  }

  const char* skip(const char* p, std::uint8_t wanted) const {
    for (Character c = character_at(p); c.is(wanted); c = character_at(p)) p += c.length;
    return p;
  }

  const char* skip_numbers(const char* p) const {
    for (int i = 0; i < Rules::kDigits; ++i) {
      const Character c = character_at(p);
      if (!c.is(trait::kNumber)) break;
      p += c.length;
    }
    return p;
  }

  // `'` and what follows, or nothing: returns p then. U+017F is an s without case.
  const char* skip_contraction(const char* p) const {
    const std::ptrdiff_t left = end_ - p;
    if (left < 2 || *p != '\'') return p;
    const char second = lowered(p[1]);
    if (second == 's' || second == 't' || second == 'm' || second == 'd') return p + 2;
    if (left < 3) return p;
    if (p[1] == '\xC5' && p[2] == '\xBF') return p + 3;
    const char third = lowered(p[2]);
    const bool whole =
        (second == 'r' && third == 'e') || (second == 'v' && third == 'e') || (second == 'l' && third == 'l');
    return whole ? p + 3 : p;
  }
  static char lowered(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

  // o200k's word from p on: capitals and then small letters, of which there is at least one; else capitals
  // alone. Letters without case and marks are both, so a word of capitals ends behind its last such
  // character. Returns p where neither stands there.
  const char* skip_cased_word(const char* p) const {
    const char* upper_end = p;
    const char* last_both_end = nullptr;  // behind the last character that may also be a small letter
    for (Character c = character_at(p); c.is(trait::kUpper); c = character_at(upper_end)) {
      upper_end += c.length;
      if (c.is(trait::kLower)) last_both_end = upper_end;
    }
    const char* const lower_end = skip(upper_end, trait::kLower);
    if (lower_end != upper_end) return skip_contraction(lower_end);
    if (last_both_end != nullptr) return skip_contraction(last_both_end);
    return upper_end == p ? p : skip_contraction(upper_end);
  }

  // The word at p, with the one sign before it, or p.
  const char* skip_word(const char* p, Character first) const {
    const bool may_precede = !first.is(trait::kLetter | trait::kNumber | trait::kLineEnd);
    if constexpr (Rules::kCasedWords) {
      return skip_word_with_case(p, first, may_precede);
    } else {
      if (may_precede) {
        const char* const letters = p + first.length;
        const char* const word_end = skip(letters, trait::kLetter);
        return word_end == letters ? p : word_end;
      }
      return skip(p, trait::kLetter);
    }
  }

  // The expression tries: sign and small letters, small letters, sign and capitals, capitals.
  const char* skip_word_with_case(const char* p, Character first, bool may_precede) const {
    if (!may_precede) return skip_cased_word(p);
    const char* const word = p + first.length;
    if (!first.is(trait::kLower)) {  // no mark: it cannot be part of the word itself
      const char* const word_end = skip_cased_word(word);
      return word_end == word ? p : word_end;
    }
    return has_small_letter(word) ? skip_cased_word(word) : skip_cased_word(p);
  }

  // Whether the capitals from p on hold, or are followed by, what may be a small letter.
  bool has_small_letter(const char* p) const {
    for (Character c = character_at(p);; c = character_at(p)) {
      if (c.is(trait::kLower)) return true;
      if (!c.is(trait::kUpper)) return false;
      p += c.length;
    }
  }

  static bool is_other(Character c) {
    return c.length != 0 && !c.is(trait::kSpace | trait::kLetter | trait::kNumber);
  }

  const char* end_of_others(const char* p) const {
    for (Character c = character_at(p); is_other(c); c = character_at(p)) p += c.length;
    while (p != end_ && (*p == '\r' || *p == '\n' || (Rules::kCasedWords && *p == '/'))) ++p;
    return p;
  }

  const char* end_of_spaces(const char* begin) const {
    const char* p = begin;
    const char* last = begin;
    const char* line_end = nullptr;
    for (Character c = character_at(p); c.is(trait::kSpace); c = character_at(p)) {
      last = p;
      p += c.length;
      if (c.is(trait::kLineEnd)) line_end = p;
    }
    if (Rules::kSpaceToEndWhole && p == end_) return p;
    if (line_end != nullptr) return line_end;
    return p == end_ || last == begin ? p : last;
  }

  const char* end_of_piece(const char* p) const {
    if constexpr (!Rules::kCasedWords) {
      if (const char* const contraction = skip_contraction(p); contraction != p) return contraction;
    }
    const Character first = character_at(p);
    if (!first.is(trait::kNumber)) {
      if (const char* const word = skip_word(p, first); word != p) return word;
    } else {
      return skip_numbers(p);
    }
    const bool space = *p == ' ';
    if (is_other(space ? character_at(p + 1) : first)) return end_of_others(space ? p + 1 : p);
    return end_of_spaces(p);
  }

  const char* at_;
  const char* end_;
  const CharacterTraits& traits_;
};

}  // namespace gpt::tokenizer
