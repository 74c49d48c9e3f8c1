#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace gpt::dataset {

// The fixed front of an .idx (docs/formats/indexed-dataset.md): magic, u64 version, u8 token type, u64
// sequences, u64 entries of the document index. Then int32 sizes, int64 byte positions, int64 document index,
// unaligned.
inline constexpr std::string_view kIndexMagic{"MMIDIDX\0\0", 9};
inline constexpr std::uint64_t kIndexVersion = 1;
inline constexpr std::size_t kIndexHeaderBytes = kIndexMagic.size() + 8 + 1 + 8 + 8;
static_assert(kIndexHeaderBytes == 34);
static_assert(std::endian::native == std::endian::little,
              "the files are little-endian and are mapped as they are");

// Numbers that lie one after the other at any address, read without alignment.
template <class T>
class PackedView {
 public:
  PackedView() = default;
  PackedView(const std::byte* data, std::size_t size) : data_(data), size_(size) {}

  std::size_t size() const { return size_; }
  T operator[](std::size_t i) const {
    T value;
    std::memcpy(&value, data_ + i * sizeof(T), sizeof(T));
    return value;
  }

 private:
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace gpt::dataset
