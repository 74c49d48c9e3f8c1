#include "apps/gpt-clean/rules/text_tables.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include <unicode/uchar.h>

#include "libcommon/text/utf8.hpp"
#include "libcommon/text/whitespace.hpp"

namespace gpt::clean {
namespace {

// What a byte may be; those of a word are or-ed.
constexpr unsigned kLetter = 1;
constexpr unsigned kDigit = 2;
constexpr unsigned kSpace = 4;
constexpr unsigned kLineEnd = 8;
constexpr unsigned kHigh = 16;           // of a code point beyond ASCII
constexpr unsigned kMayBeginSpace = 32;  // the first byte of some white space beyond ASCII
constexpr unsigned kContinuation = 64;   // not the first byte of a code point
constexpr unsigned kEndsWord = kSpace | kLineEnd;

constexpr std::array<std::uint8_t, 256> kTraits = [] {
  std::array<std::uint8_t, 256> traits{};
  for (unsigned c = 0; c < 256; ++c) {
    unsigned trait = 0;
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) trait = kLetter;
    if (c >= '0' && c <= '9') trait = kDigit;
    if (c == ' ' || c == '\t') trait = kSpace;
    if (c >= '\n' && c <= '\r') trait = kLineEnd;
    if (c >= 0x80) trait = kHigh;
    if (c >= 0x80 && c < 0xC0) trait |= kContinuation;
    if (c == 0xC2 || c == 0xE1 || c == 0xE2 || c == 0xE3) trait |= kMayBeginSpace;
    traits[c] = static_cast<std::uint8_t>(trait);
  }
  return traits;
}();

unsigned traits_of(char c) { return kTraits[static_cast<unsigned char>(c)]; }

struct White {
  std::size_t length = 0;  // 0: no white space
  bool ends_line = false;
};

// The white space beyond ASCII that begins here.
White wide_space_at(std::string_view text, std::size_t at) {
  const text::DecodedPoint decoded = text::decode_utf8(text.substr(at));
  if (text::is_space(decoded.point)) return {decoded.length, false};
  if (text::is_line_end(decoded.point)) return {decoded.length, true};
  return {};
}

template <class Wanted>
bool any_point(std::string_view word, Wanted wanted) {
  bool found = false;
  text::for_each_code_point(word, [&](char32_t point, std::size_t, std::size_t) {
    found = found || wanted(static_cast<UChar32>(point));
  });
  return found;
}

std::uint64_t read_8(const char* bytes) {
  std::uint64_t value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

std::uint64_t read_4(const char* bytes) {
  std::uint32_t value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

std::uint64_t byte_of(const char* bytes, std::size_t at) { return static_cast<unsigned char>(bytes[at]); }

// Both halves of the product, folded: every bit of the result depends on every bit of both.
std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

constexpr std::uint64_t kFirstOdd = 0x9E3779B97F4A7C15;
constexpr std::uint64_t kSecondOdd = 0xD6E8FEB86659FD93;

// From here on room is made for all of a text at once: a table that grows takes three times its size
// meanwhile.
constexpr std::size_t kLarge = std::size_t{16} << 20;

struct Counts {
  std::size_t words = 0;
  std::size_t lines = 0;  // with words
};

// As white space of ASCII divides a text.
Counts count_by_ascii(std::string_view text) {
  Counts counts;
  bool in_word = false;
  bool in_line = false;
  for (const char c : text) {
    const unsigned traits = traits_of(c);
    const bool ends_word = (traits & kEndsWord) != 0;
    counts.words += !ends_word && !in_word ? 1 : 0;
    counts.lines += !ends_word && !in_line ? 1 : 0;
    in_word = !ends_word;
    in_line = !ends_word || (in_line && traits != kLineEnd);
  }
  return counts;
}

}  // namespace

std::uint64_t hash_of_bytes(std::string_view bytes) {
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  std::uint64_t state = (bytes.size() + 1) * kFirstOdd;
  for (; left > 16; at += 16, left -= 16) {
    state = mix(read_8(at) ^ kFirstOdd, read_8(at + 8) ^ state);
  }
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  if (left >= 8) {
    low = read_8(at);
    high = read_8(at + left - 8);
  } else if (left >= 4) {
    low = read_4(at);
    high = read_4(at + left - 4);
  } else if (left > 0) {
    low = byte_of(at, 0) | byte_of(at, left / 2) << 8 | byte_of(at, left - 1) << 16;
  }
  return mix(low ^ kFirstOdd, high ^ state ^ kSecondOdd);
}

void TextTables::tabulate(std::string_view text) {
  words_.clear();
  lines_.clear();
  if (text.size() > kLarge) {
    const Counts counts = count_by_ascii(text);
    words_.reserve(counts.words);
    lines_.reserve(counts.lines);
  }
  bool line_is_open = false;
  bool blank_line_before = true;
  std::size_t line_ends = 0;  // since the last word
  const auto pass_line_end = [&] {
    line_is_open = false;
    blank_line_before = ++line_ends > 1 || words_.empty();
  };
  for (std::size_t at = 0; at < text.size();) {
    unsigned trait = traits_of(text[at]);
    if ((trait & kEndsWord) != 0) {
      const bool is_second_of_pair = text[at] == '\n' && at > 0 && text[at - 1] == '\r';
      if (trait == kLineEnd && !is_second_of_pair) pass_line_end();
      ++at;
      continue;
    }
    if ((trait & kMayBeginSpace) != 0) {
      if (const White white = wide_space_at(text, at); white.length > 0) {
        if (white.ends_line) pass_line_end();
        at += white.length;
        continue;
      }
    }
    const std::size_t begin = at;
    unsigned traits = 0;
    std::size_t continuations = 0;
    do {
      traits |= trait;
      continuations += (trait & kContinuation) != 0 ? 1 : 0;
      if (++at == text.size()) break;
      trait = traits_of(text[at]);
    } while ((trait & kEndsWord) == 0 &&
             ((trait & kMayBeginSpace) == 0 || wide_space_at(text, at).length == 0));
    if (!line_is_open) {
      lines_.push_back({static_cast<std::uint32_t>(begin), 0, static_cast<std::uint32_t>(words_.size()), 0,
                        blank_line_before});
    }
    line_is_open = true;
    line_ends = 0;
    add_word(text, begin, at, traits, continuations);
  }
}

void TextTables::add_word(std::string_view text, std::size_t begin, std::size_t end, unsigned traits,
                          std::size_t continuations) {
  const std::string_view bytes = text.substr(begin, end - begin);
  Word word;
  word.begin = static_cast<std::uint32_t>(begin);
  word.length = static_cast<std::uint32_t>(bytes.size());
  word.characters = static_cast<std::uint32_t>(bytes.size() - continuations);
  word.has_letter = (traits & kLetter) != 0;
  word.has_digit = (traits & kDigit) != 0;
  if ((traits & kHigh) != 0 && !word.has_letter) word.has_letter = any_point(bytes, u_isalpha);
  if ((traits & kHigh) != 0 && !word.has_letter && !word.has_digit)
    word.has_digit = any_point(bytes, u_isdigit);
  word.hash = hash_of_bytes(bytes);
  words_.push_back(word);
  Line& line = lines_.back();
  line.length = static_cast<std::uint32_t>(end - line.begin);
  ++line.words;
}

}  // namespace gpt::clean
