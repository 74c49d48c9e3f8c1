#include "apps/gpt-bpe-train/count/word_counts.hpp"

#include <cstring>
#include <stdexcept>

#include <xxhash.h>

namespace gpt::bpe_train {
namespace {

constexpr std::size_t kFirstSlots = std::size_t{1} << 14;

std::uint64_t long_hash(std::string_view word) { return XXH3_64bits(word.data(), word.size()); }

}  // namespace

WordCounts::WordCounts() : slots_(kFirstSlots), mask_(kFirstSlots - 1) {}

void WordCounts::add(std::string_view word, std::uint64_t count) {
  if (count == 0) return;
  if (!Key::holds(word)) return add_long(word, long_hash(word), count);
  const Key key = Key::of(word);
  add_short(key, key.hash(), count);
}

std::string_view WordCounts::long_word(const Slot& slot) const {
  const char* const place = words_.data() + (slot.key.high & ~kLongMark);
  std::uint32_t size;
  std::memcpy(&size, place, sizeof size);
  return {place + sizeof size, size};
}

void WordCounts::add_long(std::string_view word, std::uint64_t hash, std::uint64_t count) {
  std::size_t at = hash & mask_;
  for (; slots_[at].count != 0; at = (at + 1) & mask_) {
    Slot& slot = slots_[at];
    if (slot.key.low == hash && is_long(slot) && long_word(slot) == word) {
      slot.count += count;
      return;
    }
  }
  if (word.size() > UINT32_MAX) throw std::length_error("a word of 4 GiB cannot be counted");
  const auto size = static_cast<std::uint32_t>(word.size());
  const std::uint64_t place = words_.size();
  words_.append(reinterpret_cast<const char*>(&size), sizeof size).append(word);
  take({{hash, kLongMark | place}, count}, at);
}

// Two thirds full, it is doubled.
void WordCounts::take(const Slot& slot, std::size_t at) {
  slots_[at] = slot;
  if (3 * ++used_ > 2 * slots_.size()) grow();
}

void WordCounts::grow() {
  tokenizer::LargeVector<Slot> old(2 * slots_.size());
  std::swap(old, slots_);
  mask_ = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.count == 0) continue;
    std::size_t at = (is_long(slot) ? slot.key.low : slot.key.hash()) & mask_;
    while (slots_[at].count != 0) at = (at + 1) & mask_;
    slots_[at] = slot;
  }
}

// The other table is gone through by leaps: in the order of its slots, which is that of the hashes, words
// would crowd one stretch of this table before it has grown.
void WordCounts::add_all(const WordCounts& other) {
  constexpr std::size_t kLeap = 0x9E3779B97F4A7C15u;  // odd, so that every slot is come by
  constexpr std::size_t kAhead = 8;
  for (std::size_t i = 0; i < other.slots_.size(); ++i) {
    __builtin_prefetch(&other.slots_[(i + kAhead) * kLeap & other.mask_]);
    const Slot& slot = other.slots_[i * kLeap & other.mask_];
    if (slot.count == 0) continue;
    if (is_long(slot)) {
      add_long(other.long_word(slot), slot.key.low, slot.count);
    } else {
      add_short(slot.key, slot.key.hash(), slot.count);
    }
  }
}

std::uint64_t WordCounts::total() const {
  std::uint64_t sum = 0;
  for (const Slot& slot : slots_) sum += slot.count;
  return sum;
}

}  // namespace gpt::bpe_train
