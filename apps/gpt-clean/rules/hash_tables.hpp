#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace gpt::clean {

// Where a hash begins to look for its slot.
inline std::size_t scattered(std::uint64_t hash) {
  return static_cast<std::size_t>((hash * 0x9E3779B97F4A7C15) >> 20);
}

// How many slots a table of that many hashes has: three quarters of them are taken at most.
inline std::size_t slots_for(std::size_t most) { return std::bit_ceil(most + most / 3 + 1); }

// A set of 64-bit hashes that is filled anew for each document; its memory stays for the next.
class HashSet {
 public:
  // Empties it, with room for that many hashes.
  void begin(std::size_t most) {
    const std::size_t slots = slots_for(most);
    slots_.assign(slots, 0);
    mask_ = slots - 1;
  }

  // Whether it was not in there.
  bool insert(std::uint64_t hash) {
    if (hash == 0) hash = 1;  // 0 marks a free slot
    std::size_t at = scattered(hash) & mask_;
    for (; slots_[at] != 0; at = (at + 1) & mask_) {
      if (slots_[at] == hash) return false;
    }
    slots_[at] = hash;
    return true;
  }

 private:
  std::vector<std::uint64_t> slots_;
  std::size_t mask_ = 0;
};

// How often each 64-bit hash was met; filled anew for each document as well.
class HashCounts {
 public:
  struct Entry {
    std::uint64_t hash = 0;
    std::uint32_t count = 0;  // 0: a free slot
    std::uint32_t first = 0;  // where it was met first
  };

  void begin(std::size_t most) {
    const std::size_t slots = slots_for(most);
    slots_.assign(slots, {});
    mask_ = slots - 1;
  }

  const Entry& add(std::uint64_t hash, std::size_t where) {
    std::size_t at = scattered(hash) & mask_;
    while (slots_[at].count != 0 && slots_[at].hash != hash) at = (at + 1) & mask_;
    Entry& entry = slots_[at];
    if (entry.count++ == 0) {
      entry.hash = hash;
      entry.first = static_cast<std::uint32_t>(where);
    }
    return entry;
  }

 private:
  std::vector<Entry> slots_;
  std::size_t mask_ = 0;
};

}  // namespace gpt::clean
