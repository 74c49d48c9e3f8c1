#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "libcommon/tokenizer/byte_masks.hpp"
#include "libcommon/tokenizer/character_class.hpp"

namespace gpt::tokenizer {

// Cuts text into the pieces of GPT-2's split pattern
//   's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
// where \s is the property White_Space. The pieces are consecutive and cover the text.
//
// Where pieces begin is found for 64 bytes at a time, in the bits of masks, and the pieces are read off the
// bits: no branch depends on how long a word is. The unit test has a splitter that
// goes character by character, which this one must agree with.
class Gpt2Splitter {
 public:
  // text: valid UTF-8; it must stay alive.
  explicit Gpt2Splitter(std::string_view text)
      : block_(text.data()),
        at_(text.data()),
        end_(text.data() + text.size()),
        classes_(CharacterClasses::unicode()) {
    if (text.empty()) return;
    find_starts();
    starts_ &= starts_ - 1;  // the text's own beginning
  }

  bool at_end() const { return at_ == end_; }
  // The next piece; not at the end.
  std::string_view next() {
    const char* const begin = at_;
    while (starts_ == 0) {
      if (end_ - block_ <= kBlock) {
        at_ = end_;
        return {begin, static_cast<std::size_t>(end_ - begin)};
      }
      block_ += kBlock;
      find_starts();
    }
    at_ = block_ + std::countr_zero(starts_);
    starts_ &= starts_ - 1;
    return {begin, static_cast<std::size_t>(at_ - begin)};
  }

 private:
  static constexpr std::ptrdiff_t kBlock = 64;

  // The class of every byte of a block: that of the character it is part of.
  struct Classes {
    std::uint64_t letters;
    std::uint64_t numbers;
    std::uint64_t others;
    std::uint64_t spaces;
    std::uint64_t last_spaces;  // white space beyond ASCII before a visible character: its first byte
  };

  void find_starts();
  Classes classes_of_block(const ByteMasks& masks);
  void add_long_characters(Classes& classes, std::uint64_t beyond);
  void cut_contractions(std::uint64_t quotes);
  bool space_follows_at(const char* p) const;

  const char* block_;
  const char* at_;
  const char* end_;
  const CharacterClasses& classes_;
  std::uint64_t starts_ = 0;  // of pieces in the block, those not yet handed out

  // What the block behind learns from the one before: of the bytes that go on with its last character, and of
  // the byte before.
  Classes spilled_{};
  std::uint64_t forced_ = 0;   // where a piece begins behind a contraction
  std::uint64_t cleared_ = 0;  // the letter of a contraction
  std::uint64_t letter_before_ = 0;
  std::uint64_t number_before_ = 0;
  std::uint64_t other_before_ = 0;
  std::uint64_t space_before_ = 0;
  std::uint64_t blank_before_ = 0;
};

}  // namespace gpt::tokenizer
