#pragma once

#include <cstddef>
#include <string_view>

namespace gpt::clean {

// Bytes of UTF-8 by kind; every byte beyond ASCII counts as part of a word.
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_ascii_letter(char c) { return is_upper(c) || (c >= 'a' && c <= 'z'); }
constexpr bool is_word_byte(char c) {
  return is_ascii_letter(c) || is_digit(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
constexpr char lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }
constexpr char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

// The byte there, or '\0' beyond the text.
constexpr char byte_or_nul(std::string_view text, std::size_t at) {
  return at < text.size() ? text[at] : '\0';
}

// How many bytes a hyphen there has, 0 where there is none: that of ASCII, one of U+2010 to U+2013, or the
// minus sign U+2212, with which typesetters write numbers.
constexpr std::size_t hyphen_length(std::string_view text, std::size_t at) {
  if (byte_or_nul(text, at) == '-') return 1;
  if (byte_or_nul(text, at) != '\xE2') return 0;
  const char second = byte_or_nul(text, at + 1);
  const char last = byte_or_nul(text, at + 2);
  const bool is_hyphen = second == '\x80' && last >= '\x90' && last <= '\x93';
  return is_hyphen || (second == '\x88' && last == '\x92') ? 3 : 0;
}

// Punctuation and spaces beyond ASCII: U+00A0 to U+00BF without ª, µ and º, and of U+2000 to U+206F what is
// no hyphen.
constexpr bool is_mark(char first, char second) {
  return first == '\xC2' && second >= '\xA0' && second != '\xAA' && second != '\xB5' && second != '\xBA';
}
constexpr bool is_mark(char first, char second, char third) {
  if (first != '\xE2') return false;
  return second == '\x80' ? third < '\x90' || third > '\x93' : second == '\x81' && third <= '\xAF';
}

// Whether a word may begin there: at the front, behind an ASCII byte that belongs to none, or behind a mark.
constexpr bool begins_word(std::string_view text, std::size_t at) {
  if (at == 0 || !is_word_byte(text[at - 1])) return true;
  return (at >= 2 && is_mark(text[at - 2], text[at - 1])) ||
         (at >= 3 && is_mark(text[at - 3], text[at - 2], text[at - 1]));
}
constexpr bool ends_word(std::string_view text, std::size_t at) {
  if (at >= text.size() || !is_word_byte(text[at])) return true;
  return is_mark(text[at], byte_or_nul(text, at + 1)) ||
         is_mark(text[at], byte_or_nul(text, at + 1), byte_or_nul(text, at + 2));
}
// Whether a number may begin there that stands by itself: where a word may, and behind none of these bytes,
// which would make it the end of something longer.
constexpr bool begins_number(std::string_view text, std::size_t at, std::string_view barriers) {
  return begins_word(text, at) && (at == 0 || barriers.find(text[at - 1]) == std::string_view::npos);
}

}  // namespace gpt::clean
