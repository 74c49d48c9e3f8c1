#include "libgpt/tensor/arena.hpp"

#include <algorithm>

namespace gpt::tensor {
namespace {

// A cache line and the widest vector.
constexpr std::size_t kAlignment = 64;

}  // namespace

std::byte* Arena::take_bytes(std::size_t bytes) {
  const std::size_t first = used_;
  const std::size_t end = first + (bytes + kAlignment - 1) / kAlignment * kAlignment;
  memory_.grow_to(end);
  used_ = end;
  peak_ = std::max(peak_, end);
  return memory_.data() + first;
}

}  // namespace gpt::tensor
