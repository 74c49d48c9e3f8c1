#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libcommon/tokenizer/short_word.hpp"

namespace gpt::tokenizer {

// Words met before and their tokens, for one thread. Words of up to 15 bytes lie in the table itself, as do
// up to three tokens; the rest lies in two arenas. Bounded: at most 2^18 slots of 32 bytes and 16 MiB of
// arenas, then it forgets everything and starts anew.
class WordCache {
 public:
  static constexpr std::size_t kLongestWord = 256;  // longer words are not kept

  WordCache();

  // The view holds until the next insert.
  std::optional<std::span<const std::uint32_t>> find(std::string_view word) const;
  // word: not in the cache, neither empty nor longer than kLongestWord; ids: not empty.
  void insert(std::string_view word, std::span<const std::uint32_t> ids);

 private:
  static constexpr std::size_t kInlineIds = 3;

  // A short word, or of a long one: hash; length and place in words_.
  using Key = ShortWord;
  struct Slot {
    Key key{};
    std::uint32_t ids[kInlineIds]{};  // more than that: ids[0] is their place in ids_
    std::uint32_t count = 0;          // 0: the slot is free
  };

  static bool is_short(std::string_view word) { return Key::holds(word); }
  static std::uint64_t hash_of(std::string_view word, const Key& short_key);
  bool matches(const Slot& slot, std::string_view word, const Key& key, std::uint64_t hash) const;
  void put(const Slot& slot, std::uint64_t hash);
  void make_room();

  std::vector<Slot> slots_;
  std::size_t mask_;
  std::size_t used_ = 0;
  std::string words_;
  std::vector<std::uint32_t> ids_;
};

}  // namespace gpt::tokenizer
