#include "libcommon/tokenizer/short_word_cache.hpp"

#include <algorithm>
#include <utility>

namespace gpt::tokenizer {
namespace {

constexpr std::size_t kFirstLines = std::size_t{1} << 12;
constexpr std::size_t kMostLines = std::size_t{1} << 18;

}  // namespace

ShortWordCache::ShortWordCache(std::uint32_t highest_id)
    : width_(highest_id <= UINT16_MAX ? IdWidth::narrow : IdWidth::wide),
      lines_(kFirstLines),
      mask_(kFirstLines - 1) {}

bool ShortWordCache::may_hold(std::span<const std::uint32_t> ids) const {
  if (width_ == IdWidth::narrow) return ids.size() <= 7;
  return ids.size() <= 5 && *std::max_element(ids.begin(), ids.end()) <= kWideId;
}

void ShortWordCache::insert(const Key& key, std::uint64_t hash, std::span<const std::uint32_t> ids) {
  Slot slot{key, 0, std::uint64_t{ids.size()} << kCountShift};
  const unsigned bits = width_ == IdWidth::narrow ? 16 : 21;
  const std::size_t in_first = width_ == IdWidth::narrow ? 4 : 3;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (i < in_first) {
      slot.first |= std::uint64_t{ids[i]} << bits * i;
    } else {
      slot.second |= std::uint64_t{ids[i]} << bits * (i - in_first);
    }
  }
  put_new(slot, hash);
}

void ShortWordCache::insert_elsewhere(const Key& key, std::uint64_t hash) {
  put_new({key, 0, std::uint64_t{kElsewhere} << kCountShift}, hash);
}

void ShortWordCache::put_new(const Slot& slot, std::uint64_t hash) {
  if (++inserted_ > lines_.size() && lines_.size() < kMostLines) grow();
  put(slot, hash);
}

void ShortWordCache::put(const Slot& slot, std::uint64_t hash) {
  Line& line = lines_[hash & mask_];
  line.slots[1] = line.slots[0];
  line.slots[0] = slot;
}

void ShortWordCache::grow() {
  LargeVector<Line> old(4 * lines_.size());
  std::swap(old, lines_);
  mask_ = lines_.size() - 1;
  for (const Line& line : old) {
    for (const Slot& slot : {line.slots[1], line.slots[0]}) {
      if (slot.second != 0) put(slot, hash_of(slot.key));
    }
  }
}

}  // namespace gpt::tokenizer
