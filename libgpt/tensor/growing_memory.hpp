#pragma once

#include <cstddef>

namespace gpt::tensor {

// Memory that grows in place: a range of addresses is set aside once, as large as the machine's memory, and
// the part in use becomes memory when it is needed. So what grows is never copied, and nothing is held beyond
// what was asked for. Zeroed at first; aligned to a page.
class GrowingMemory {
 public:
  GrowingMemory() = default;
  ~GrowingMemory();
  GrowingMemory(GrowingMemory&& other) noexcept;
  GrowingMemory& operator=(GrowingMemory&& other) noexcept;

  std::byte* data() const { return data_; }
  std::size_t size() const { return size_; }
  // Makes at least the first `bytes` usable. Throws std::bad_alloc when the machine does not have them.
  void grow_to(std::size_t bytes);

 private:
  void set_aside();

  std::byte* data_ = nullptr;
  std::size_t size_ = 0;      // usable
  std::size_t reserved_ = 0;  // addresses
};

}  // namespace gpt::tensor
