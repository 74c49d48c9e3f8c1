#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "libcommon/tokenizer/huge_page_allocator.hpp"

namespace gpt::tokenizer {

namespace detail {

// Which bytes of two words of eight bytes belong to a short word, by its length.
struct KeyMask {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
};

constexpr std::array<KeyMask, 16> key_masks() {
  std::array<KeyMask, 16> masks{};
  for (unsigned size = 1; size < masks.size(); ++size) {
    masks[size].low = size >= 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << 8 * size) - 1;
    masks[size].high = size <= 8 ? 0 : (std::uint64_t{1} << 8 * (size - 8)) - 1;
  }
  return masks;
}

inline constexpr std::array<KeyMask, 16> kKeyMasks = key_masks();

}  // namespace detail

// Short words met before and their tokens, for one thread: nearly all words of a text. Two words of one place
// share a cache line; a third takes the place of that put there first. Nothing is searched for beyond the
// line, so that a caller can ask for the lines of many words before it reads the first.
// Memory: 256 KiB, growing with the words to at most 16 MiB.
class ShortWordCache {
 public:
  static constexpr std::size_t kLongestWord = 15;  // bytes
  static constexpr std::size_t kRoom = 8;          // ids that find may write
  static constexpr std::size_t kElsewhere = 255;   // a known word that has more tokens than fit

  // The bytes of a word, zeros behind, its length in the last one: never all zero.
  struct Key {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
  };

  // word: at least 16 bytes can be read from there; size: 1 … kLongestWord.
  static Key key_of(const char* word, std::size_t size) {
    Key key;
    std::memcpy(&key.low, word, 8);
    std::memcpy(&key.high, word + 8, 8);
    key.low &= detail::kKeyMasks[size].low;
    key.high = (key.high & detail::kKeyMasks[size].high) | static_cast<std::uint64_t>(size) << 56;
    return key;
  }

  static std::uint64_t hash_of(const Key& key) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(key.low ^ 0x9E3779B97F4A7C15u) * (key.high ^ 0xC2B2AE3D27D4EB4Fu);
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  }

  // highest_id: of any token.
  explicit ShortWordCache(std::uint32_t highest_id);

  void prefetch(std::uint64_t hash) const { __builtin_prefetch(&lines_[hash & mask_]); }

  // Writes the word's ids, with what happens to lie behind them up to kRoom, and returns how many there are;
  // 0 for a word that is not here, kElsewhere for one whose tokens are not.
  std::size_t find(const Key& key, std::uint64_t hash, std::uint32_t* ids) const {
    const Line& line = lines_[hash & mask_];
    const bool is_second = holds(line.slots[1], key);
    const Slot& slot = line.slots[is_second ? 1 : 0];
    if (!is_second && !holds(slot, key)) return 0;
    if (width_ == IdWidth::narrow) {
      std::array<std::uint16_t, kRoom> narrow;
      std::memcpy(narrow.data(), &slot.first, sizeof narrow);
      for (std::size_t i = 0; i < kRoom; ++i) ids[i] = narrow[i];
    } else {
      for (std::size_t i = 0; i < 3; ++i) ids[i] = static_cast<std::uint32_t>(slot.first >> 21 * i) & kWideId;
      for (std::size_t i = 0; i < 2; ++i)
        ids[3 + i] = static_cast<std::uint32_t>(slot.second >> 21 * i) & kWideId;
    }
    return slot.second >> kCountShift;
  }

  // Whether a word of these tokens can be kept: up to seven of them, five where ids have more than 16 bits.
  bool may_hold(std::span<const std::uint32_t> ids) const;
  // Ids for which may_hold; the word is not here.
  void insert(const Key& key, std::uint64_t hash, std::span<const std::uint32_t> ids);
  // Notes that the tokens of a word, which is not here, are kept elsewhere.
  void insert_elsewhere(const Key& key, std::uint64_t hash);

 private:
  struct Slot {
    Key key;
    std::uint64_t first = 0;   // four ids of 16 bits or three of 21
    std::uint64_t second = 0;  // three more, or two; above them how many there are
  };
  struct alignas(64) Line {
    std::array<Slot, 2> slots;
  };

  enum class IdWidth { narrow, wide };
  static constexpr std::uint32_t kWideId = (1U << 21) - 1;
  static constexpr unsigned kCountShift = 48;

  static bool holds(const Slot& slot, const Key& key) {
    return ((slot.key.low ^ key.low) | (slot.key.high ^ key.high)) == 0;
  }
  void put_new(const Slot& slot, std::uint64_t hash);
  void put(const Slot& slot, std::uint64_t hash);
  void grow();

  IdWidth width_;
  LargeVector<Line> lines_;
  std::uint64_t mask_;
  std::size_t inserted_ = 0;
};

// The keys of words of one text, whose last bytes are read from a copy, behind which more can be read.
class ShortWordKeys {
 public:
  // text: must stay alive.
  explicit ShortWordKeys(std::string_view text)
      : copied_(text.substr(text.size() < kReach ? 0 : text.size() - kReach)) {
    std::copy(copied_.begin(), copied_.end(), copy_.begin());
  }

  // word: a view into the text, not empty, of at most kLongestWord bytes.
  ShortWordCache::Key key_of(std::string_view word) const {
    const char* from = word.data();
    if (from >= copied_.data()) from = copy_.data() + (from - copied_.data());
    return ShortWordCache::key_of(from, word.size());
  }

 private:
  static constexpr std::size_t kReach = 16;
  std::string_view copied_;
  std::array<char, 2 * kReach> copy_{};
};

}  // namespace gpt::tokenizer
