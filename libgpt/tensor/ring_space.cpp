#include "libgpt/tensor/ring_space.hpp"

namespace gpt::tensor {

std::optional<std::size_t> RingSpace::take(std::size_t bytes) {
  if (bytes > bytes_) return std::nullopt;
  std::size_t begin = 0;
  if (!out_.empty()) {
    const std::size_t oldest = out_.front().begin;
    const std::size_t next = out_.back().end;
    const bool wrapped = next <= oldest;  // what is out reaches over the end of the ring, or fills it
    if (wrapped) {
      if (oldest - next < bytes) return std::nullopt;
      begin = next;
    } else if (bytes_ - next >= bytes) {
      begin = next;
    } else if (oldest >= bytes) {
      begin = 0;
    } else {
      return std::nullopt;
    }
  }
  out_.push_back({begin, begin + bytes});
  return begin;
}

void RingSpace::give_back_oldest() { out_.pop_front(); }

}  // namespace gpt::tensor
