#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "libgpt/tensor/aligned_buffer.hpp"

namespace gpt::tensor {

// Hands out memory front to back and takes it all back at once: the activations of one micro batch. What it
// hands out is not zeroed. Memory is kept between micro batches, so a steady state allocates nothing.
class Arena {
 public:
  // count elements, aligned to 64 bytes, valid until the next reset or rewind below it.
  template <class T>
  std::span<T> take(std::size_t count) {
    return {reinterpret_cast<T*>(take_bytes(count * sizeof(T))), count};
  }

  // A point to return to: everything taken after mark() is given back by rewind(mark).
  struct Mark {
    std::size_t chunk = 0;
    std::size_t used = 0;   // of that chunk
    std::size_t total = 0;  // of all, without what was lost at the ends of chunks
  };
  Mark mark() const { return position_; }
  void rewind(Mark mark) { position_ = mark; }
  // Gives everything back; memory that had to be found in several pieces becomes one, as large as was needed
  // at the same time.
  void reset();

  std::size_t capacity_bytes() const;

 private:
  std::byte* take_bytes(std::size_t bytes);

  std::vector<AlignedMemory> chunks_;
  Mark position_;
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
