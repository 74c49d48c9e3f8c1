#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace gpt::clean {

// Where a hash begins to look for its slot.
inline std::size_t scattered(std::uint64_t hash) {
  return static_cast<std::size_t>((hash * 0x9E3779B97F4A7C15) >> 20);
}

// A table of 64-bit hashes that is filled anew for each document; its memory stays for the next. A Slot has a
// hash and says whether it is_free().
template <class Slot>
class HashTable {
 public:
  // Empties it, with room for that many hashes, at first for kFirstRoom at most: it grows.
  void begin(std::size_t most) {
    const std::size_t room = std::min(most, kFirstRoom);
    slots_.assign(std::bit_ceil(room + room / 3 + 1), {});  // three quarters of them are taken at most
    taken_ = 0;
  }

  // The slot of a hash, or a free one.
  Slot& find(std::uint64_t hash) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = scattered(hash) & mask;
    while (!slots_[at].is_free() && slots_[at].hash != hash) at = (at + 1) & mask;
    return slots_[at];
  }

  // The free slot that was found is taken. Returns where it is now.
  Slot& take(Slot& free, std::uint64_t hash) {
    Slot* slot = &free;
    if (4 * ++taken_ > 3 * slots_.size()) {
      grow();
      slot = &find(hash);
    }
    slot->hash = hash;
    return *slot;
  }

  std::size_t bytes() const { return slots_.capacity() * sizeof(Slot); }

 private:
  // So many words few documents have; of those that have more, few have so many different ones.
  static constexpr std::size_t kFirstRoom = std::size_t{1} << 20;

  void grow() {
    const std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(2 * slots_.size()));
    for (const Slot& slot : old) {
      if (!slot.is_free()) find(slot.hash) = slot;
    }
  }

  std::vector<Slot> slots_;
  std::size_t taken_ = 0;
};

// A set of hashes.
class HashSet {
 public:
  void begin(std::size_t most) { table_.begin(most); }

  // Whether it was not in there.
  bool insert(std::uint64_t hash) {
    if (hash == 0) hash = 1;  // 0 marks a free slot
    Slot& slot = table_.find(hash);
    if (!slot.is_free()) return false;
    table_.take(slot, hash);
    return true;
  }

  std::size_t bytes() const { return table_.bytes(); }

 private:
  struct Slot {
    std::uint64_t hash = 0;
    bool is_free() const { return hash == 0; }
  };
  HashTable<Slot> table_;
};

// How often each hash was met.
class HashCounts {
 public:
  struct Entry {
    std::uint64_t hash = 0;
    std::uint32_t count = 0;
    std::uint32_t first = 0;  // where it was met first
    bool is_free() const { return count == 0; }
  };

  void begin(std::size_t most) { table_.begin(most); }

  const Entry& add(std::uint64_t hash, std::size_t where) {
    Entry* entry = &table_.find(hash);
    if (entry->is_free()) {
      entry = &table_.take(*entry, hash);
      entry->first = static_cast<std::uint32_t>(where);
    }
    ++entry->count;
    return *entry;
  }

  std::size_t bytes() const { return table_.bytes(); }

 private:
  HashTable<Entry> table_;
};

// Tells of most hashes that were met once that they were, in four bytes at most for each: two bits for each
// of eight to sixteen places a hash.
class RepetitionSketch {
 public:
  explicit RepetitionSketch(std::size_t most)
      : mask_(std::bit_ceil(8 * most + 32) - 1), places_((mask_ + 1) / 32) {}

  void add(std::uint64_t hash) {
    std::uint64_t& word = word_of(hash);
    if (!may_repeat(hash)) word += std::uint64_t{1} << shift_of(hash);
  }
  // False: it was met once at most.
  bool may_repeat(std::uint64_t hash) const {
    return (places_[place_of(hash) / 32] >> shift_of(hash) & 2) != 0;
  }

 private:
  std::size_t place_of(std::uint64_t hash) const { return scattered(hash) & mask_; }
  unsigned shift_of(std::uint64_t hash) const { return static_cast<unsigned>(2 * (place_of(hash) % 32)); }
  std::uint64_t& word_of(std::uint64_t hash) { return places_[place_of(hash) / 32]; }

  std::size_t mask_;
  std::vector<std::uint64_t> places_;
};

}  // namespace gpt::clean
