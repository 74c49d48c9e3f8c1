#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "libcommon/text/utf8.hpp"

namespace gpt::text {

// How many letters a text has, in Latin script and in others.
struct LetterCounts {
  std::size_t latin = 0;
  std::size_t other = 0;
};

// What a code point is to a language model: 0 no letter, kForeignLetter a letter of another script, else the
// number of a Latin letter without its case, at most 126. All that Latin letters beyond U+024F have in common
// is one number.
inline constexpr std::uint8_t kWordEdge = 1;
inline constexpr std::uint8_t kForeignLetter = 127;
std::uint8_t language_letter(char32_t point);

// The same for the code points below U+0250, as a table.
const std::array<std::uint8_t, 0x250>& language_letters();

namespace detail {

inline constexpr unsigned kLetterBits = 7;
inline constexpr unsigned kLongestGram = 5;

inline std::uint32_t feature_id(std::uint64_t key) {
  return static_cast<std::uint32_t>((key * 0x9E3779B97F4A7C15u) >> 32);
}

// The letters of the word under way, as its character n-grams and as a whole.
class WordWindow {
 public:
  template <class Visit>
  void add_letter(std::uint8_t letter, Visit& visit) {
    if (letters_++ == 0) {
      window_ = kWordEdge;
      hash_ = kWordEdge;
    }
    hash_ = (hash_ ^ letter) * 0xD6E8FEB86659FD93u;
    visit(feature_id(letter));
    add_grams(letter, visit);
  }

  template <class Visit>
  void end_word(Visit& visit) {
    if (letters_ == 0) return;
    add_grams(kWordEdge, visit);
    // Shorter words are n-grams with both their edges.
    if (letters_ + 2 > kLongestGram) visit(feature_id(hash_ ^ (hash_ >> 29)));
    letters_ = 0;
  }

 private:
  template <class Visit>
  void add_grams(std::uint8_t letter, Visit& visit) {
    window_ = (window_ << kLetterBits) | letter;
    std::uint64_t mask = (std::uint64_t{1} << kLetterBits) - 1;
    for (unsigned length = 2; length <= kLongestGram; ++length) {
      if (window_ <= mask) return;  // the word has not so many letters yet
      mask = (mask << kLetterBits) | mask;
      visit(feature_id(window_ & mask));
    }
  }

  std::uint64_t window_ = 0;
  std::uint64_t hash_ = 0;
  std::size_t letters_ = 0;
};

}  // namespace detail

// Calls visit(id) for each feature of a valid UTF-8 text that a language model weighs: of each word, in lower
// case, the character n-grams of 1 to 5 letters, its edges among them, and the word itself. Numbers, signs
// and letters of other scripts are no words. An id is a hash of 32 bits; docs/formats/language-model.md says
// of what.
template <class Visit>
LetterCounts for_each_language_feature(std::string_view text, Visit visit) {
  const auto& table = language_letters();
  detail::WordWindow word;
  LetterCounts counts;
  for (std::size_t at = 0; at < text.size();) {
    const auto first = static_cast<unsigned char>(text[at]);
    std::uint8_t letter = 0;
    if (first < 0x80) {
      letter = table[first];
      ++at;
    } else {
      const DecodedPoint decoded = decode_utf8(text.substr(at));
      letter = language_letter(decoded.point);
      at += decoded.length;
    }
    if (letter != 0 && letter != kForeignLetter) {
      ++counts.latin;
      word.add_letter(letter, visit);
    } else {
      if (letter == kForeignLetter) ++counts.other;
      word.end_word(visit);
    }
  }
  word.end_word(visit);
  return counts;
}

}  // namespace gpt::text
