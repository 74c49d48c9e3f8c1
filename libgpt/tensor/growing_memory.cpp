#include "libgpt/tensor/growing_memory.hpp"

#include <new>
#include <utility>

#include <sys/mman.h>
#include <unistd.h>

namespace gpt::tensor {
namespace {

// Grows by whole huge pages. Where no address range as large as the memory is to be had (ulimit -v), ever
// smaller ones are tried, down to this.
constexpr std::size_t kStep = std::size_t{2} << 20;
constexpr std::size_t kLeastRange = std::size_t{64} << 20;

std::size_t machine_bytes() {
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page = sysconf(_SC_PAGESIZE);
  if (pages <= 0 || page <= 0) return std::size_t{1} << 36;
  return (static_cast<std::size_t>(pages) * static_cast<std::size_t>(page) / kStep + 1) * kStep;
}

}  // namespace

void GrowingMemory::set_aside() {
  for (std::size_t bytes = machine_bytes(); bytes >= kLeastRange; bytes /= 2) {
    void* const address = mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (address == MAP_FAILED) continue;
    madvise(address, bytes, MADV_HUGEPAGE);
    data_ = static_cast<std::byte*>(address);
    reserved_ = bytes;
    return;
  }
  throw std::bad_alloc{};
}

void GrowingMemory::grow_to(std::size_t bytes) {
  if (bytes <= size_) return;
  if (place_ == Place::device) return grow_device_to(bytes);
  if (data_ == nullptr) set_aside();
  const std::size_t wanted = (bytes + kStep - 1) / kStep * kStep;
  if (wanted > reserved_ || mprotect(data_ + size_, wanted - size_, PROT_READ | PROT_WRITE) != 0) {
    throw std::bad_alloc{};
  }
  size_ = wanted;
}

void GrowingMemory::grow_device_to(std::size_t bytes) {
  if (!device_) device_ = device().growing_memory();
  device_->grow_to(bytes);
  data_ = device_->data();
  size_ = device_->size();
}

GrowingMemory::~GrowingMemory() {
  if (data_ != nullptr && !device_) munmap(data_, reserved_);
}

GrowingMemory::GrowingMemory(GrowingMemory&& other) noexcept
    : place_(other.place_),
      device_(std::move(other.device_)),
      data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      reserved_(std::exchange(other.reserved_, 0)) {}

GrowingMemory& GrowingMemory::operator=(GrowingMemory&& other) noexcept {
  std::swap(place_, other.place_);
  std::swap(device_, other.device_);
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(reserved_, other.reserved_);
  return *this;
}

}  // namespace gpt::tensor
