#include "libgpt/tensor/arena.hpp"

#include <algorithm>

namespace gpt::tensor {
namespace {

// A cache line and the widest vector; on a device, what a warp reads at once.
std::size_t alignment_in(Place place) { return place == Place::host ? 64 : 256; }

}  // namespace

std::byte* Arena::take_bytes(std::size_t bytes) {
  const std::size_t first = used_;
  const std::size_t alignment = alignment_in(place_);
  const std::size_t end = first + (bytes + alignment - 1) / alignment * alignment;
  memory_.grow_to(end);
  used_ = end;
  peak_ = std::max(peak_, end);
  return memory_.data() + first;
}

}  // namespace gpt::tensor
