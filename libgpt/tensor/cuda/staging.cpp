#include "libgpt/tensor/cuda/staging.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "libgpt/tensor/cuda/cuda_error.hpp"

namespace gpt::tensor {
namespace {

// Batches are some 100 KiB each; large copies go in pieces, of which four are under way.
constexpr std::size_t kRing = std::size_t{32} << 20;
constexpr std::size_t kPiece = std::size_t{8} << 20;
constexpr std::size_t kAlignment = 256;

std::size_t aligned(std::size_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

}  // namespace

Staging::Staging(cudaStream_t stream) : stream_(stream), ring_(kRing) {
  void* memory = nullptr;
  check_cuda(cudaHostAlloc(&memory, kRing, cudaHostAllocDefault), "pin 32 MiB of the machine's memory");
  memory_ = static_cast<std::byte*>(memory);
}

Staging::~Staging() {
  (void)cudaStreamSynchronize(stream_);
  (void)cudaFreeHost(memory_);
}

Event Staging::event() {
  if (spare_.empty()) return Event(Event::Use::order);
  Event event = std::move(spare_.back());
  spare_.pop_back();
  return event;
}

void Staging::give_back_oldest() {
  under_way_.front().wait();
  spare_.push_back(std::move(under_way_.front()));
  under_way_.pop_front();
  ring_.give_back_oldest();
}

std::size_t Staging::take(std::size_t bytes) {
  while (true) {
    if (const auto offset = ring_.take(aligned(bytes))) return *offset;
    give_back_oldest();
  }
}

void Staging::upload(std::byte* to, const std::byte* from, std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  for (std::size_t done = 0; done < bytes;) {
    const std::size_t piece = std::min(kPiece, bytes - done);
    std::byte* const pinned = memory_ + take(piece);
    under_way_.push_back(event());
    std::memcpy(pinned, from + done, piece);
    check_cuda(cudaMemcpyAsync(to + done, pinned, piece, cudaMemcpyHostToDevice, stream_), "copy to the GPU");
    under_way_.back().record(stream_);
    done += piece;
  }
}

// While one piece is copied out of the ring the next ones are on their way into it.
void Staging::download(std::byte* to, const std::byte* from, std::size_t bytes) {
  struct Arriving {
    std::byte* pinned;
    std::size_t offset, bytes;
  };
  if (bytes == 0) return;
  const std::lock_guard lock(mutex_);
  while (!under_way_.empty()) give_back_oldest();  // the ring is this copy's alone
  std::deque<Arriving> arriving;
  for (std::size_t asked = 0; asked < bytes || !arriving.empty();) {
    while (asked < bytes && arriving.size() < kRing / kPiece) {
      const std::size_t piece = std::min(kPiece, bytes - asked);
      std::byte* const pinned = memory_ + take(piece);
      under_way_.push_back(event());
      check_cuda(cudaMemcpyAsync(pinned, from + asked, piece, cudaMemcpyDeviceToHost, stream_),
                 "copy from the GPU");
      under_way_.back().record(stream_);
      arriving.push_back({pinned, asked, piece});
      asked += piece;
    }
    const Arriving first = arriving.front();
    arriving.pop_front();
    under_way_.front().wait();
    std::memcpy(to + first.offset, first.pinned, first.bytes);
    give_back_oldest();
  }
}

}  // namespace gpt::tensor
