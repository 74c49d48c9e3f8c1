#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace gpt::tokenizer {

// A word of up to 15 bytes as two numbers: its bytes in memory order and, in the last byte, its length. Equal
// words have equal numbers, so that a table compares and hashes them without reading memory elsewhere.
struct ShortWord {
  static constexpr std::size_t kLongest = 15;

  std::uint64_t low = 0;
  std::uint64_t high = 0;

  static bool holds(std::string_view word) { return word.size() <= kLongest; }
  static ShortWord of(std::string_view word);

  std::size_t size() const { return high >> 56; }
  // Holds as long as this.
  std::string_view view() const { return {reinterpret_cast<const char*>(this), size()}; }

  std::uint64_t hash() const {
    std::uint64_t mixed = (low ^ high * 0xC2B2AE3D27D4EB4Fu) * 0x9E3779B97F4A7C15u;
    mixed ^= mixed >> 29;
    return mixed * 0xBF58476D1CE4E5B9u >> 16;
  }

  bool operator==(const ShortWord&) const = default;
};

namespace detail {

template <class Word>
std::uint64_t load(const char* from) {
  Word word;
  std::memcpy(&word, from, sizeof word);
  return word;
}

}  // namespace detail

// Loads may overlap: the bits they share are the same bytes.
inline ShortWord ShortWord::of(std::string_view word) {
  using detail::load;
  const std::size_t size = word.size();
  const char* const p = word.data();
  ShortWord key{0, static_cast<std::uint64_t>(size) << 56};
  if (size >= 8) {
    key.low = load<std::uint64_t>(p);
    if (size > 8) key.high |= load<std::uint64_t>(p + size - 8) >> (8 * (16 - size));
  } else if (size >= 4) {
    key.low = load<std::uint32_t>(p) | load<std::uint32_t>(p + size - 4) << (8 * (size - 4));
  } else if (size > 0) {
    key.low = load<std::uint8_t>(p) | load<std::uint8_t>(p + size / 2) << (8 * (size / 2)) |
              load<std::uint8_t>(p + size - 1) << (8 * (size - 1));
  }
  return key;
}

}  // namespace gpt::tokenizer
