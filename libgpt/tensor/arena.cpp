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
  while (position_.chunk < chunks_.size() && position_.used + bytes > chunks_[position_.chunk].size()) {
    position_ = {position_.chunk + 1, 0, position_.total};
  }
  if (position_.chunk == chunks_.size()) chunks_.emplace_back(std::max(bytes, kSmallestChunk));
  std::byte* const start = chunks_[position_.chunk].data() + position_.used;
  position_.used += bytes;
  position_.total += bytes;
  peak_ = std::max(peak_, position_.total);
  return start;
}

void Arena::reset() {
  position_ = {};
  if (chunks_.size() <= 1) return;
  chunks_.clear();
  chunks_.emplace_back(peak_);
}

std::size_t Arena::capacity_bytes() const {
  std::size_t total = 0;
  for (const AlignedMemory& chunk : chunks_) total += chunk.size();
  return total;
}

}  // namespace gpt::tensor
