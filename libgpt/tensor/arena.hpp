#pragma once

#include <cassert>
#include <cstddef>
#include <span>

#include "libgpt/tensor/growing_memory.hpp"

namespace gpt::tensor {

// Hands out memory front to back and takes it back from the end: the activations of one micro batch. What it
// hands out is not zeroed. Memory is kept between micro batches, so a steady state allocates nothing, and
// never more is held than was needed at the same time.
class Arena {
 public:
  explicit Arena(Place place = Place::host) : memory_(place), place_(place) {}

  // count elements of the place's memory, aligned to 64 bytes, valid until the next reset or rewind below it.
  template <class T>
  std::span<T> take(std::size_t count) {
    assert(kPlaceOf<T> == place_);
    return {reinterpret_cast<T*>(take_bytes(count * sizeof(T))), count};
  }

  // A point to return to: everything taken after mark() is given back by rewind(mark).
  using Mark = std::size_t;
  Mark mark() const { return used_; }
  void rewind(Mark mark) { used_ = mark; }
  // Gives everything back.
  void reset() { used_ = 0; }

  // The most that was taken at the same time: what this arena occupies, up to a huge page.
  std::size_t peak_bytes() const { return peak_; }

 private:
  std::byte* take_bytes(std::size_t bytes);

  GrowingMemory memory_;
  Place place_;
  std::size_t used_ = 0;
  std::size_t peak_ = 0;
};

// Gives back at the end of a scope what was taken from an arena within it.
class ArenaScope {
 public:
  explicit ArenaScope(Arena& arena) : arena_(arena), mark_(arena.mark()) {}
  ~ArenaScope() { arena_.rewind(mark_); }
  ArenaScope(const ArenaScope&) = delete;
  ArenaScope& operator=(const ArenaScope&) = delete;

 private:
  Arena& arena_;
  Arena::Mark mark_;
};

}  // namespace gpt::tensor
