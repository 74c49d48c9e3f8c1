#include "libgpt/tensor/arena.hpp"

#include <algorithm>

namespace gpt::tensor {
namespace {

constexpr std::size_t kSmallestChunk = std::size_t{1} << 20;

std::size_t rounded(std::size_t bytes) {
  return (bytes + AlignedMemory::kAlignment - 1) / AlignedMemory::kAlignment * AlignedMemory::kAlignment;
}

}  // namespace

std::byte* Arena::take_bytes(std::size_t bytes) {
  bytes = rounded(bytes);
  while (position_.chunk < chunks_.size()) {
    const AlignedMemory& chunk = chunks_[position_.chunk];
    if (position_.used + bytes <= chunk.size()) {
      std::byte* const start = chunk.data() + position_.used;
      position_.used += bytes;
      return start;
    }
    position_ = {position_.chunk + 1, 0};
  }
  chunks_.emplace_back(std::max(bytes, kSmallestChunk));
  position_ = {chunks_.size() - 1, bytes};
  return chunks_.back().data();
}

void Arena::reset() {
  position_ = {};
  if (chunks_.size() <= 1) return;
  const std::size_t total = capacity_bytes();
  chunks_.clear();
  chunks_.emplace_back(total);
}

std::size_t Arena::capacity_bytes() const {
  std::size_t total = 0;
  for (const AlignedMemory& chunk : chunks_) total += chunk.size();
  return total;
}

}  // namespace gpt::tensor
