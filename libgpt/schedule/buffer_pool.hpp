#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "libgpt/tensor/aligned_buffer.hpp"

namespace gpt::schedule {

// Buffers of one size that are used again. They grow when a larger size is asked for, and never shrink.
template <class T>
class BufferPool {
 public:
  using Buffer = tensor::AlignedBuffer<T>;

  // At least count elements, of any content.
  Buffer take(std::size_t count) {
    if (count > size_) grow(count);
    if (free_.empty()) {
      ++made_;
      return tensor::buffer_for<T>("activations", size_);
    }
    Buffer buffer = std::move(free_.back());
    free_.pop_back();
    return buffer;
  }

  void give_back(Buffer buffer) {
    if (buffer.size() < size_) {
      --made_;
    } else {
      free_.push_back(std::move(buffer));
    }
  }

  // Of all buffers, in use or not.
  std::size_t bytes() const { return made_ * size_ * sizeof(T); }

 private:
  void grow(std::size_t count) {
    made_ -= free_.size();
    free_.clear();
    size_ = count;
  }

  std::vector<Buffer> free_;
  std::size_t size_ = 0;
  std::size_t made_ = 0;
};

}  // namespace gpt::schedule
