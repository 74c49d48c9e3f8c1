#pragma once

#include <cstdint>

#include "libgpt/tensor/aligned_buffer.hpp"

namespace gpt::ops::cpu {

// Memory of the calling thread for the time of one kernel call; grows and stays. Contents are left over.
template <class T>
T* thread_scratch(std::int64_t count) {
  thread_local tensor::AlignedBuffer<T> buffer;
  if (buffer.size() < static_cast<std::size_t>(count)) {
    buffer = tensor::AlignedBuffer<T>(static_cast<std::size_t>(count));
  }
  return buffer.data();
}

}  // namespace gpt::ops::cpu
