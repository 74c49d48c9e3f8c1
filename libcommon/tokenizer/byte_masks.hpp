#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "libcommon/tokenizer/character_class.hpp"

namespace gpt::tokenizer {

namespace detail {

constexpr std::array<CharacterClass, 128> ascii_classes() {
  std::array<CharacterClass, 128> classes{};
  for (unsigned c = 0; c < 128; ++c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool space = c == ' ' || (c >= '\t' && c <= '\r');
    classes[c] = letter                   ? CharacterClass::letter
                 : space                  ? CharacterClass::space
                 : (c >= '0' && c <= '9') ? CharacterClass::number
                                          : CharacterClass::other;
  }
  return classes;
}

inline constexpr std::array<CharacterClass, 128> kAsciiClasses = ascii_classes();

}  // namespace detail

// What 64 bytes of text are, bit i of each mask for byte i.
struct ByteMasks {
  std::uint64_t letters = 0;  // of ASCII, as are the next two
  std::uint64_t numbers = 0;
  std::uint64_t spaces = 0;    // all white space of ASCII
  std::uint64_t blanks = 0;    // ' ' alone
  std::uint64_t quotes = 0;    // '\''
  std::uint64_t beyond = 0;    // no ASCII: a byte of a longer character
  std::uint64_t latin = 0;     // 0xC3: the first byte of U+00C0 … U+00FF
  std::uint64_t no_latin = 0;  // 0x97 and 0xB7: behind 0xC3, × and ÷, its only two that are no letters
};

// The masks of block[0 … 63], byte by byte: what the other must agree with, and the one where there is no
// SSE2.
inline ByteMasks byte_masks_by_table(const char* block) {
  ByteMasks masks;
  for (unsigned i = 0; i < 64; ++i) {
    const auto byte = static_cast<unsigned char>(block[i]);
    const std::uint64_t bit = std::uint64_t{1} << i;
    if (byte >= 0x80) {
      masks.beyond |= bit;
      if (byte == 0xC3) masks.latin |= bit;
      if (byte == 0x97 || byte == 0xB7) masks.no_latin |= bit;
      continue;
    }
    const CharacterClass kind = detail::kAsciiClasses[byte];
    if (kind == CharacterClass::letter) masks.letters |= bit;
    if (kind == CharacterClass::number) masks.numbers |= bit;
    if (kind == CharacterClass::space) masks.spaces |= bit;
    if (byte == ' ') masks.blanks |= bit;
    if (byte == '\'') masks.quotes |= bit;
  }
  return masks;
}

#if defined(__SSE2__)

// The same, 16 bytes at a time.
inline ByteMasks byte_masks(const char* block) {
  ByteMasks masks;
  const auto all = [](char byte) { return _mm_set1_epi8(byte); };
  for (unsigned i = 0; i < 64; i += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + i));
    const auto bits = [i](__m128i matches) {
      return static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(matches))) << i;
    };
    // Unsigned: first ≤ byte ≤ first + span.
    const auto is_in = [](__m128i values, char first, char span) {
      const __m128i offset = _mm_sub_epi8(values, _mm_set1_epi8(first));
      return _mm_cmpeq_epi8(_mm_min_epu8(offset, _mm_set1_epi8(span)), offset);
    };
    const __m128i blanks = _mm_cmpeq_epi8(bytes, all(' '));
    masks.letters |= bits(is_in(_mm_or_si128(bytes, all(0x20)), 'a', 'z' - 'a'));
    masks.numbers |= bits(is_in(bytes, '0', 9));
    masks.spaces |= bits(_mm_or_si128(blanks, is_in(bytes, '\t', '\r' - '\t')));
    masks.blanks |= bits(blanks);
    masks.quotes |= bits(_mm_cmpeq_epi8(bytes, all('\'')));
    masks.beyond |= bits(bytes);
    masks.latin |= bits(_mm_cmpeq_epi8(bytes, all('\xC3')));
    masks.no_latin |=
        bits(_mm_or_si128(_mm_cmpeq_epi8(bytes, all('\x97')), _mm_cmpeq_epi8(bytes, all('\xB7'))));
  }
  return masks;
}

#else

inline ByteMasks byte_masks(const char* block) { return byte_masks_by_table(block); }

#endif

}  // namespace gpt::tokenizer
