#pragma once

#include <cstddef>
#include <memory>

#include "libgpt/tensor/device.hpp"
#include "libgpt/tensor/element.hpp"

namespace gpt::tensor {

// Memory that grows in place: a range of addresses is set aside once, as large as the machine's memory, and
// the part in use becomes memory when it is needed. So what grows is never copied, and nothing is held beyond
// what was asked for. Aligned to a page; of the host zeroed at first, of the device not.
class GrowingMemory {
 public:
  explicit GrowingMemory(Place place = Place::host) : place_(place) {}
  ~GrowingMemory();
  GrowingMemory(GrowingMemory&& other) noexcept;
  GrowingMemory& operator=(GrowingMemory&& other) noexcept;

  std::byte* data() const { return data_; }
  std::size_t size() const { return size_; }
  // Makes at least the first `bytes` usable. Throws std::bad_alloc, or OutOfDeviceMemory, when the
  // machine does not have them.
  void grow_to(std::size_t bytes);

 private:
  void set_aside();
  void grow_device_to(std::size_t bytes);

  Place place_;
  std::unique_ptr<GrowingDeviceMemory> device_;
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;      // usable
  std::size_t reserved_ = 0;  // addresses
};

}  // namespace gpt::tensor
