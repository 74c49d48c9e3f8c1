#include "apps/gpt-dedup/rewrite/decontaminate_words.hpp"

#include <algorithm>
#include <array>

#include <unicode/uchar.h>

#include "libcommon/text/utf8.hpp"

namespace gpt::dedup {
namespace {

constexpr std::uint64_t kBase = 0x9E3779B97F4A7C15;

// What each ASCII character folds to in a word; 0 for those that part words.
constexpr std::array<char, 128> kAsciiWord = [] {
  std::array<char, 128> table{};
  for (char c = '0'; c <= '9'; ++c) table[static_cast<std::size_t>(c)] = c;
  for (char c = 'a'; c <= 'z'; ++c) table[static_cast<std::size_t>(c)] = c;
  for (char c = 'A'; c <= 'Z'; ++c) table[static_cast<std::size_t>(c)] = static_cast<char>(c - 'A' + 'a');
  table['_'] = '_';
  return table;
}();

// The folded code point; 0 for one that parts words.
char32_t folded_letter(char32_t point) {
  if (point < 0x80) return static_cast<char32_t>(kAsciiWord[point]);
  constexpr std::uint32_t kInWords = U_GC_L_MASK | U_GC_N_MASK;
  const auto code = static_cast<UChar32>(point);
  if ((U_GET_GC_MASK(code) & kInWords) == 0) return 0;
  return static_cast<char32_t>(u_foldCase(code, U_FOLD_CASE_DEFAULT));
}

std::uint64_t extended(std::uint64_t hash, char32_t point) { return (hash ^ point) * kBase; }

// Spreads the bits of a word's hash: sums of such hashes stand for n-grams.
std::uint64_t finished(std::uint64_t hash) {
  hash ^= hash >> 32U;
  hash *= 0xD6E8FEB86659FD93;
  return hash ^ (hash >> 32U);
}

}  // namespace

std::span<const FoldedWord> WordScanner::words(std::string_view text) {
  words_.clear();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    std::uint64_t hash = kBase;
    std::size_t skip = 0;  // bytes of the code point that ends the word
    while (at < text.size()) {
      const auto first = static_cast<unsigned char>(text[at]);
      if (first < 0x80) {
        const char letter = kAsciiWord[first];
        skip = 1;
        if (letter == 0) break;
        hash = extended(hash, static_cast<char32_t>(letter));
        ++at;
        continue;
      }
      const text::DecodedPoint decoded = text::decode_utf8(text.substr(at));
      const char32_t letter = folded_letter(decoded.point);
      skip = decoded.length;
      if (letter == 0) break;
      hash = extended(hash, letter);
      at += decoded.length;
    }
    if (at > begin) words_.push_back({begin, at, finished(hash)});
    at = std::min(at + skip, text.size());
  }
  return words_;
}

std::string joined_words(std::string_view text, std::span<const FoldedWord> words) {
  std::string joined;
  for (const FoldedWord& word : words) {
    if (!joined.empty()) joined.push_back(' ');
    text::for_each_code_point(
        text.substr(word.begin, word.end - word.begin),
        [&](char32_t point, std::size_t, std::size_t) { text::append_utf8(joined, folded_letter(point)); });
  }
  return joined;
}

}  // namespace gpt::dedup
