#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "libcommon/tokenizer/huge_page_allocator.hpp"

namespace gpt::tokenizer {

// Which pairs of tokens merge, in which order of preference, and to what: a flat hash table that is filled
// once and then only read. A pair and its rank are one number of 64 bits, so that GPT-2's 50,000 merges are
// 1 MiB; what the pair becomes is looked up only for the one that is done.
class MergeTable {
 public:
  static constexpr std::uint32_t kNoRank = (1U << 22) - 1;
  static constexpr std::uint32_t kHighestId = (1U << 21) - 1;

  struct Merge {
    std::uint32_t rank = kNoRank;  // lower ones go first; kNoRank: the pair does not merge
    std::uint32_t result = 0;
  };

  // capacity: how many pairs will be inserted at most.
  explicit MergeTable(std::size_t capacity = 0) {
    std::size_t slots = kFewestSlots;
    for (; slots < 2 * capacity; slots *= 2) --shift_;
    slots_.assign(slots, kFree);
    results_.reserve(capacity);
    filter_.assign(slots >> kFilterShift, 0);
  }

  // False when the pair is there already. Throws std::length_error for an id above kHighestId, and for a rank
  // of kNoRank or more.
  bool insert(std::uint32_t left, std::uint32_t right, Merge merge) {
    if (left > kHighestId || right > kHighestId || merge.rank >= kNoRank)
      throw std::length_error("vocabularies of more than 2,097,152 tokens are not supported");
    const std::uint64_t key = key_of(left, right);
    std::size_t at = slot_of(key);
    for (; slots_[at] != kFree; at = next(at)) {
      if (slots_[at] >> kRankBits == key) return false;
    }
    slots_[at] = key << kRankBits | merge.rank;
    filter_[place_in_filter(key)] |= bit_in_filter(key);
    if (results_.size() <= merge.rank) results_.resize(merge.rank + std::size_t{1});
    results_[merge.rank] = merge.result;
    return true;
  }

  // kNoRank: the pair does not merge.
  std::uint32_t rank_of(std::uint32_t left, std::uint32_t right) const {
    const std::uint64_t key = key_of(left, right);
    if ((filter_[place_in_filter(key)] & bit_in_filter(key)) == 0) return kNoRank;
    for (std::size_t at = slot_of(key);; at = next(at)) {
      const std::uint64_t slot = slots_[at];
      if (slot == kFree) return kNoRank;
      if (slot >> kRankBits != key) continue;
      const auto rank = static_cast<std::uint32_t>(slot) & kNoRank;
      __builtin_prefetch(&results_[rank]);  // asked for next, where the pair is the one that merges
      return rank;
    }
  }
  // What a pair of this rank, one that was inserted, becomes.
  std::uint32_t result_of(std::uint32_t rank) const { return results_[rank]; }

  Merge find(std::uint32_t left, std::uint32_t right) const {
    const std::uint32_t rank = rank_of(left, right);
    return rank == kNoRank ? Merge{} : Merge{rank, results_[rank]};
  }

 private:
  static constexpr unsigned kIdBits = 21;
  static constexpr unsigned kRankBits = 22;
  static constexpr std::size_t kFewestSlots = 64;            // for which shift_ is 58
  static constexpr unsigned kFilterShift = 4;                // a word of 64 bits for 16 slots
  static constexpr std::uint64_t kFree = ~std::uint64_t{0};  // its rank is kNoRank

  static std::uint64_t key_of(std::uint32_t left, std::uint32_t right) {
    return static_cast<std::uint64_t>(left) << kIdBits | right;
  }
  std::size_t slot_of(std::uint64_t key) const { return (key * 0x9E3779B97F4A7C15u) >> shift_; }
  std::size_t place_in_filter(std::uint64_t key) const {
    return (key * 0x9E3779B97F4A7C15u) >> (shift_ + kFilterShift);
  }
  static std::uint64_t bit_in_filter(std::uint64_t key) {
    return std::uint64_t{1} << ((key * 0x9E3779B97F4A7C15u) >> 32 & 63);
  }
  std::size_t next(std::size_t at) const { return (at + 1) & (slots_.size() - 1); }

  LargeVector<std::uint64_t> slots_;    // left, right, rank
  std::vector<std::uint32_t> results_;  // by rank
  // A bit of four a slot, set where a pair is: most pairs that are asked for do not merge, and this is small
  // enough to be at hand.
  std::vector<std::uint64_t> filter_;
  unsigned shift_ = 58;
};

}  // namespace gpt::tokenizer
