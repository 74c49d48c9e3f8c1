#pragma once

#include <algorithm>
#include <cstddef>
#include <new>
#include <vector>

#include <sys/mman.h>

namespace gpt::tokenizer {

// For tables of a megabyte and more that are read at random places: they lie on pages of 2 MiB where the
// system has them. On pages of 4 KiB nearly every look into such a table waits for the page's address first
// (40 % of the time of encoding, before this).
template <class T>
class HugePageAllocator {
 public:
  using value_type = T;

  HugePageAllocator() = default;
  template <class Other>
  HugePageAllocator(const HugePageAllocator<Other>&) {}  // NOLINT(google-explicit-constructor)

  T* allocate(std::size_t count) {
    const std::size_t bytes = rounded(count * sizeof(T));
    void* const memory = ::operator new(bytes, alignment(bytes));
    if (is_large(bytes)) madvise(memory, bytes, MADV_HUGEPAGE);  // a wish: it may fail
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, std::size_t count) {
    ::operator delete(memory, alignment(rounded(count * sizeof(T))));
  }

  friend bool operator==(const HugePageAllocator&, const HugePageAllocator&) { return true; }

 private:
  static constexpr std::size_t kPage = std::size_t{2} << 20;
  static bool is_large(std::size_t bytes) { return bytes >= kPage; }
  // Half a page and more is worth a whole one.
  static std::size_t rounded(std::size_t bytes) {
    return bytes < kPage / 2 ? bytes : (bytes + kPage - 1) / kPage * kPage;
  }
  static std::align_val_t alignment(std::size_t bytes) {
    return std::align_val_t{is_large(bytes) ? kPage : std::max(alignof(T), alignof(std::max_align_t))};
  }
};

template <class T>
using LargeVector = std::vector<T, HugePageAllocator<T>>;

}  // namespace gpt::tokenizer
