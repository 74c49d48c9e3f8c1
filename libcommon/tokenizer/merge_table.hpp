#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gpt::tokenizer {

// Which pairs of tokens merge, in which order of preference, and to what: a flat hash table that is filled
// once and then only read.
class MergeTable {
 public:
  static constexpr std::uint32_t kNoRank = UINT32_MAX;

  struct Merge {
    std::uint32_t rank = kNoRank;  // lower ones go first; kNoRank: the pair does not merge
    std::uint32_t result = 0;
  };

  // capacity: how many pairs will be inserted at most.
  explicit MergeTable(std::size_t capacity = 0) {
    std::size_t slots = 16;
    while (slots < 2 * capacity) slots *= 2;
    slots_.resize(slots);
    mask_ = slots - 1;
  }

  // False when the pair is there already.
  bool insert(std::uint32_t left, std::uint32_t right, Merge merge) {
    const std::uint64_t key = key_of(left, right);
    std::size_t at = slot_of(key);
    for (; slots_[at].merge.rank != kNoRank; at = (at + 1) & mask_) {
      if (slots_[at].key == key) return false;
    }
    slots_[at] = {key, merge};
    return true;
  }

  Merge find(std::uint32_t left, std::uint32_t right) const {
    const std::uint64_t key = key_of(left, right);
    std::size_t at = slot_of(key);
    for (; slots_[at].merge.rank != kNoRank; at = (at + 1) & mask_) {
      if (slots_[at].key == key) return slots_[at].merge;
    }
    return {};
  }

 private:
  struct Slot {
    std::uint64_t key = 0;
    Merge merge;
  };

  static std::uint64_t key_of(std::uint32_t left, std::uint32_t right) {
    return static_cast<std::uint64_t>(left) << 32 | right;
  }
  std::size_t slot_of(std::uint64_t key) const {
    const std::uint64_t mixed = key * 0x9E3779B97F4A7C15u;
    return static_cast<std::size_t>(mixed ^ mixed >> 32) & mask_;
  }

  std::vector<Slot> slots_;
  std::size_t mask_ = 0;
};

}  // namespace gpt::tokenizer
