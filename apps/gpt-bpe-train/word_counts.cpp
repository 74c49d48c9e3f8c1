#include "apps/gpt-bpe-train/word_counts.hpp"

#include <cstring>
#include <stdexcept>

#include <xxhash.h>

namespace gpt::bpe_train {
namespace {

constexpr std::size_t kFirstSlots = std::size_t{1} << 14;

std::uint64_t hash_of(std::string_view word) { return XXH3_64bits(word.data(), word.size()); }

}  // namespace

WordCounts::WordCounts() : slots_(kFirstSlots), mask_(kFirstSlots - 1) {}

void WordCounts::add(std::string_view word, std::uint64_t count) {
  const std::uint64_t hash = hash_of(word);
  const auto tag = static_cast<std::uint32_t>(hash >> 32);
  std::size_t at = hash & mask_;
  for (; slots_[at].count != 0; at = (at + 1) & mask_) {
    Slot& slot = slots_[at];
    if (slot.tag == tag && slot.length == word.size() && word_of(slot) == word) {
      slot.count += count;
      return;
    }
  }
  if (word.size() > UINT32_MAX) throw std::length_error("a word of 4 GiB cannot be counted");
  slots_[at] = {words_.size(), count, static_cast<std::uint32_t>(word.size()), tag};
  words_ += word;
  if (++used_ > slots_.size() / 2) grow();
}

void WordCounts::grow() {
  std::vector<Slot> old(2 * slots_.size());
  std::swap(old, slots_);
  mask_ = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.count == 0) continue;
    std::size_t at = hash_of(word_of(slot)) & mask_;
    while (slots_[at].count != 0) at = (at + 1) & mask_;
    slots_[at] = slot;
  }
}

void WordCounts::add_all(const WordCounts& other) {
  other.for_each([this](std::string_view word, std::uint64_t count) { add(word, count); });
}

std::uint64_t WordCounts::total() const {
  std::uint64_t sum = 0;
  for (const Slot& slot : slots_) sum += slot.count;
  return sum;
}

}  // namespace gpt::bpe_train
