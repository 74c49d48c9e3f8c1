#include "libgpt/tensor/aligned_buffer.hpp"

#include <new>
#include <utility>

#include <sys/mman.h>

#include "libgpt/tensor/device.hpp"

namespace gpt::tensor {
namespace {

// From here on a huge page (2 MiB) can be filled; smaller maps would only waste one.
constexpr std::size_t kHugePageBytes = std::size_t{2} << 20;

}  // namespace

AlignedMemory::AlignedMemory(std::size_t bytes, Place place) : size_(bytes), place_(place) {
  if (bytes == 0) return;
  if (place == Place::device) {
    data_ = device().allocate(bytes);
    return;
  }
  // A map is zeroed, page-aligned, and goes back to the system as a whole.
  void* const address = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (address == MAP_FAILED) throw std::bad_alloc{};
  if (bytes >= kHugePageBytes) madvise(address, bytes, MADV_HUGEPAGE);
  data_ = static_cast<std::byte*>(address);
}

AlignedMemory::~AlignedMemory() {
  if (data_ == nullptr) return;
  if (place_ == Place::device) {
    device().release(data_);
  } else {
    munmap(data_, size_);
  }
}

AlignedMemory::AlignedMemory(AlignedMemory&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      place_(other.place_) {}

AlignedMemory& AlignedMemory::operator=(AlignedMemory&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(place_, other.place_);
  return *this;
}

}  // namespace gpt::tensor
