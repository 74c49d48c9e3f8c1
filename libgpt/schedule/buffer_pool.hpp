#pragma once

#include <cstddef>
#include <span>
#include <stdexcept>
#include <vector>

#include "libgpt/tensor/arena.hpp"
#include "libgpt/tensor/memory_account.hpp"

namespace gpt::schedule {

// Buffers of one size that are used again, in memory that grows in place and stays: an allocation of its own
// for each, or its release, would wait for all that a GPU does, and so for a message that another rank sends
// only after one that this rank has yet to send.
template <class T>
class BufferPool {
 public:
  using Buffer = std::span<T>;

  // At least count elements, of any content. More than ever before only while none is in use.
  Buffer take(std::size_t count) {
    if (count > size_) grow(count);
    if (free_.empty()) {
      ++made_;
      const tensor::HeldFor scope("activations");
      return memory_.take<T>(size_);
    }
    const Buffer buffer = free_.back();
    free_.pop_back();
    return buffer;
  }

  void give_back(Buffer buffer) { free_.push_back(buffer); }

  // Of all buffers, in use or not.
  std::size_t bytes() const { return made_ * size_ * sizeof(T); }

 private:
  void grow(std::size_t count) {
    if (free_.size() != made_) throw std::logic_error("buffers of another size are in use");
    memory_.reset();
    free_.clear();
    made_ = 0;
    size_ = count;
  }

  tensor::Arena memory_{tensor::kPlaceOf<T>};
  std::vector<Buffer> free_;
  std::size_t size_ = 0;
  std::size_t made_ = 0;
};

}  // namespace gpt::schedule
