#pragma once

#include <cstddef>
#include <span>

#include "libgpt/tensor/element.hpp"
#include "libgpt/tensor/memory_account.hpp"

namespace gpt::tensor {

// Owns zeroed memory for numbers, aligned for the widest vectors, of the host or of the device. Large buffers
// of the host ask for huge pages. With GrowingMemory the only place in libgpt where memory for tensors comes
// from.
class AlignedMemory {
 public:
  static constexpr std::size_t kAlignment = 64;

  AlignedMemory() = default;
  // Throws std::bad_alloc, or OutOfDeviceMemory.
  explicit AlignedMemory(std::size_t bytes, Place place = Place::host);
  ~AlignedMemory();
  AlignedMemory(AlignedMemory&& other) noexcept;
  AlignedMemory& operator=(AlignedMemory&& other) noexcept;

  std::byte* data() const { return data_; }
  std::size_t size() const { return size_; }

 private:
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
  Place place_ = Place::host;
};

// An array of numbers in aligned memory, zeroed at first; on the device where T is an element of it.
template <class T>
class AlignedBuffer {
  static_assert(std::is_trivially_copyable_v<ValueOf<T>>);

 public:
  AlignedBuffer() = default;
  explicit AlignedBuffer(std::size_t count) : memory_(count * sizeof(T), kPlaceOf<T>), count_(count) {}

  std::span<T> span() { return {reinterpret_cast<T*>(memory_.data()), count_}; }
  std::span<const T> span() const { return {reinterpret_cast<const T*>(memory_.data()), count_}; }
  T* data() { return span().data(); }
  const T* data() const { return span().data(); }
  std::size_t size() const { return count_; }

 private:
  AlignedMemory memory_;
  std::size_t count_ = 0;
};

// Held for that purpose where account is kept of a device's memory.
template <class T>
AlignedBuffer<T> buffer_for(const char* purpose, std::size_t count) {
  const HeldFor held(purpose);
  return AlignedBuffer<T>(count);
}

}  // namespace gpt::tensor
