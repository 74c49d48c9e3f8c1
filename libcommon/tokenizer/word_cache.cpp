#include "libcommon/tokenizer/word_cache.hpp"

#include <algorithm>
#include <cstring>

#include <xxhash.h>

namespace gpt::tokenizer {
namespace {

constexpr std::size_t kFirstSlots = std::size_t{1} << 13;
constexpr std::size_t kMostSlots = std::size_t{1} << 18;
constexpr std::size_t kMostArenaBytes = std::size_t{16} << 20;
constexpr std::uint64_t kLongMark = std::uint64_t{0xFF} << 56;  // no short word has this length

}  // namespace

WordCache::WordCache() : slots_(kFirstSlots), mask_(kFirstSlots - 1) {}

std::uint64_t WordCache::hash_of(std::string_view word, const Key& key) {
  if (!is_short(word)) return XXH3_64bits(word.data(), word.size());
  return key.hash();
}

bool WordCache::matches(const Slot& slot, std::string_view word, const Key& key, std::uint64_t hash) const {
  if (is_short(word)) return slot.key == key;
  if (slot.key.low != hash || (slot.key.high >> 32) != (kLongMark >> 32 | word.size())) return false;
  return std::memcmp(words_.data() + static_cast<std::uint32_t>(slot.key.high), word.data(), word.size()) ==
         0;
}

std::optional<std::span<const std::uint32_t>> WordCache::find(std::string_view word) const {
  const Key key = is_short(word) ? Key::of(word) : Key{};
  const std::uint64_t hash = hash_of(word, key);
  for (std::size_t at = hash & mask_; slots_[at].count != 0; at = (at + 1) & mask_) {
    const Slot& slot = slots_[at];
    if (!matches(slot, word, key, hash)) continue;
    const std::uint32_t* const ids = slot.count <= kInlineIds ? slot.ids : ids_.data() + slot.ids[0];
    return std::span(ids, slot.count);
  }
  return std::nullopt;
}

void WordCache::put(const Slot& slot, std::uint64_t hash) {
  std::size_t at = hash & mask_;
  while (slots_[at].count != 0) at = (at + 1) & mask_;
  slots_[at] = slot;
  ++used_;
}

void WordCache::insert(std::string_view word, std::span<const std::uint32_t> ids) {
  make_room();
  Slot slot;
  slot.key = is_short(word) ? Key::of(word) : Key{};
  const std::uint64_t hash = hash_of(word, slot.key);
  if (!is_short(word)) {
    slot.key = {hash, kLongMark | static_cast<std::uint64_t>(word.size()) << 32 | words_.size()};
    words_ += word;
  }
  slot.count = static_cast<std::uint32_t>(ids.size());
  if (ids.size() <= kInlineIds) {
    std::copy(ids.begin(), ids.end(), slot.ids);
  } else {
    slot.ids[0] = static_cast<std::uint32_t>(ids_.size());
    ids_.insert(ids_.end(), ids.begin(), ids.end());
  }
  put(slot, hash);
}

void WordCache::make_room() {
  const bool arenas_full = words_.size() + ids_.size() * sizeof(std::uint32_t) >= kMostArenaBytes;
  if (!arenas_full && used_ < slots_.size() / 2) return;
  std::vector<Slot> old(arenas_full || slots_.size() == kMostSlots ? slots_.size() : 2 * slots_.size());
  std::swap(old, slots_);
  mask_ = slots_.size() - 1;
  used_ = 0;
  if (slots_.size() == old.size()) {
    words_.clear();
    ids_.clear();
    return;
  }
  for (const Slot& slot : old) {
    if (slot.count == 0) continue;
    const bool is_long = (slot.key.high & kLongMark) == kLongMark;
    put(slot, is_long ? slot.key.low : hash_of({}, slot.key));
  }
}

}  // namespace gpt::tokenizer
