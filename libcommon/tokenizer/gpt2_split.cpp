#include "libcommon/tokenizer/gpt2_split.hpp"

#include <array>
#include <cstring>

namespace gpt::tokenizer {
namespace {

// A character of valid UTF-8.
struct Character {
  char32_t point;
  unsigned length;
};

Character decode(const char* p) {
  const auto byte = [p](int i) { return static_cast<char32_t>(static_cast<unsigned char>(p[i])); };
  const char32_t first = byte(0);
  if (first < 0x80) return {first, 1};
  if (first < 0xE0) return {(first & 0x1F) << 6 | (byte(1) & 0x3F), 2};
  if (first < 0xF0) return {(first & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F), 3};
  return {(first & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F), 4};
}

// ' and s, t, m, d, re, ve, ll at p: their length, 0 for anything else.
unsigned contraction_length(const char* p, const char* end) {
  const std::ptrdiff_t left = end - p;
  if (left < 2) return 0;
  const char second = p[1];
  if (second == 's' || second == 't' || second == 'm' || second == 'd') return 2;
  if (left < 3) return 0;
  const char third = p[2];
  const bool long_form =
      (second == 'r' && third == 'e') || (second == 'v' && third == 'e') || (second == 'l' && third == 'l');
  return long_form ? 3 : 0;
}

std::uint64_t shifted(std::uint64_t bits, std::uint64_t before) { return bits << 1 | before; }

}  // namespace

// The end of the text counts as white space: `\s+(?!\S)` takes the run there whole.
bool Gpt2Splitter::space_follows_at(const char* p) const {
  return p >= end_ || classes_[decode(p).point] == CharacterClass::space;
}

// Sets all bytes of each character beyond ASCII; those that lie behind the block are kept for the next one.
void Gpt2Splitter::add_long_characters(Classes& classes, std::uint64_t beyond) {
  while (beyond != 0) {
    const int at = std::countr_zero(beyond);
    const Character character = decode(block_ + at);
    const std::uint64_t bytes = (std::uint64_t{1} << character.length) - 1;
    const std::uint64_t here = bytes << at;
    const std::uint64_t behind = at > 60 ? bytes >> (64 - at) : 0;
    switch (classes_[character.point]) {
      case CharacterClass::letter:
        classes.letters |= here;
        spilled_.letters = behind;
        break;
      case CharacterClass::number:
        classes.numbers |= here;
        spilled_.numbers = behind;
        break;
      case CharacterClass::other:
        classes.others |= here;
        spilled_.others = behind;
        break;
      case CharacterClass::space:
        classes.spaces |= here;
        spilled_.spaces = behind;
        if (!space_follows_at(block_ + at + character.length)) classes.last_spaces |= std::uint64_t{1} << at;
        break;
    }
    beyond &= ~here;
  }
}

Gpt2Splitter::Classes Gpt2Splitter::classes_of_block(const ByteMasks& masks) {
  Classes classes{masks.letters | spilled_.letters, masks.numbers | spilled_.numbers, spilled_.others,
                  masks.spaces | spilled_.spaces, 0};
  classes.others |= ~(masks.letters | masks.numbers | masks.spaces | masks.beyond);
  const std::uint64_t begun =
      spilled_.letters | spilled_.numbers | spilled_.others | spilled_.spaces;  // before this block
  const std::uint64_t beyond = masks.beyond & ~begun;
  spilled_ = {};
  if (beyond == 0) return classes;
  // Most of Europe's letters need no table. One whose second byte lies behind the block does.
  const std::uint64_t second = masks.latin << 1;
  if (beyond == (masks.latin | second) && (second & masks.no_latin) == 0 && masks.latin >> 63 == 0) {
    classes.letters |= beyond;
  } else {
    add_long_characters(classes, beyond);
  }
  return classes;
}

// A piece that begins with ' may be a contraction; what follows it begins a piece, whatever it is.
void Gpt2Splitter::cut_contractions(std::uint64_t quotes) {
  for (; quotes != 0; quotes &= quotes - 1) {
    const int at = std::countr_zero(quotes);
    const unsigned length = contraction_length(block_ + at, end_);
    if (length == 0) continue;
    const auto letter = static_cast<unsigned>(at) + 1;
    const auto behind = static_cast<unsigned>(at) + length;
    const auto bit = [](unsigned place) { return std::uint64_t{1} << (place & 63); };
    if (letter < 64) {
      starts_ &= ~bit(letter);
    } else {
      cleared_ = bit(letter);
    }
    if (block_ + behind >= end_) continue;
    (behind < 64 ? starts_ : forced_) |= bit(behind);
  }
}

void Gpt2Splitter::find_starts() {
  const std::ptrdiff_t left = end_ - block_;
  std::array<char, kBlock> last{};
  const char* bytes = block_;
  if (left < kBlock) {
    std::memcpy(last.data(), block_, static_cast<std::size_t>(left));
    bytes = last.data();
  }
  const std::uint64_t inside = left < kBlock ? (std::uint64_t{1} << left) - 1 : ~std::uint64_t{0};
  const ByteMasks masks = byte_masks(bytes);
  const Classes classes = classes_of_block(masks);

  // What stands behind the block counts only where the block ends with white space.
  const bool is_followed = masks.spaces >> 63 != 0 && !space_follows_at(block_ + kBlock);
  const std::uint64_t spaces_behind = (classes.spaces | ~inside) >> 1 | std::uint64_t{is_followed ? 0U : 1U}
                                                                            << 63;
  const std::uint64_t begin_run = (classes.letters & ~shifted(classes.letters, letter_before_)) |
                                  (classes.numbers & ~shifted(classes.numbers, number_before_)) |
                                  (classes.others & ~shifted(classes.others, other_before_));
  starts_ = (begin_run & ~shifted(masks.blanks, blank_before_)) |
            (classes.spaces & ~shifted(classes.spaces, space_before_)) | (masks.spaces & ~spaces_behind) |
            classes.last_spaces;
  starts_ = ((starts_ & ~cleared_) | forced_) & inside;
  cleared_ = 0;
  forced_ = 0;
  if (const std::uint64_t quotes = masks.quotes & starts_; quotes != 0) cut_contractions(quotes);

  letter_before_ = classes.letters >> 63;
  number_before_ = classes.numbers >> 63;
  other_before_ = classes.others >> 63;
  space_before_ = classes.spaces >> 63;
  blank_before_ = masks.blanks >> 63;
}

}  // namespace gpt::tokenizer
