#pragma once

#include <cstddef>
#include <cstdint>

#include "libcommon/tokenizer/huge_page_allocator.hpp"

namespace gpt::bpe_train {

// Two neighbouring tokens: the left id in the high half, so that comparing pairs compares left, then right.
using Pair = std::uint64_t;

inline Pair pair_of(std::uint32_t left, std::uint32_t right) { return static_cast<Pair>(left) << 32 | right; }
inline std::uint32_t left_of(Pair pair) { return static_cast<std::uint32_t>(pair >> 32); }
inline std::uint32_t right_of(Pair pair) { return static_cast<std::uint32_t>(pair); }

// A number for each pair, 0 where none was set: a flat hash table.
template <class Number>
class PairTable {
 public:
  PairTable() : slots_(kFirstSlots), mask_(kFirstSlots - 1) {}

  // The reference holds until the next call.
  Number& operator[](Pair pair) {
    Slot* slot = &slot_of(pair);
    if (slot->pair == kFree) {
      if (3 * ++used_ > 2 * slots_.size()) {
        grow();
        slot = &slot_of(pair);
      }
      slot->pair = pair;
    }
    return slot->number;
  }
  void prefetch(Pair pair) const { __builtin_prefetch(&slots_[place_of(pair)]); }

 private:
  static constexpr std::size_t kFirstSlots = std::size_t{1} << 16;
  static constexpr Pair kFree = UINT64_MAX;  // no pair: ids stay below 2^32 - 1

  struct Slot {
    Pair pair = kFree;
    Number number = 0;
  };

  std::size_t place_of(Pair pair) const {
    const std::uint64_t mixed = pair * 0x9E3779B97F4A7C15u;
    return static_cast<std::size_t>(mixed ^ mixed >> 32) & mask_;
  }

  Slot& slot_of(Pair pair) {
    std::size_t at = place_of(pair);
    while (slots_[at].pair != pair && slots_[at].pair != kFree) at = (at + 1) & mask_;
    return slots_[at];
  }

  void grow() {
    tokenizer::LargeVector<Slot> old(2 * slots_.size());
    std::swap(old, slots_);
    mask_ = slots_.size() - 1;
    for (const Slot& slot : old) {
      if (slot.pair != kFree) slot_of(slot.pair) = slot;
    }
  }

  tokenizer::LargeVector<Slot> slots_;
  std::size_t mask_;
  std::size_t used_ = 0;
};

// How often each pair occurs in the corpus.
using PairCounts = PairTable<std::int64_t>;

}  // namespace gpt::bpe_train
