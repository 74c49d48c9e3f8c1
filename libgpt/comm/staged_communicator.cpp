#include "libgpt/comm/staged_communicator.hpp"

#include <algorithm>
#include <array>

#include "libgpt/comm/shards.hpp"
#include "libgpt/tensor/device.hpp"

namespace gpt::comm {
namespace {

using tensor::Bf16;
using tensor::DType;
using tensor::F16;
using tensor::Place;

// Blocks that are kept for the next messages: a step has a few sizes of messages.
constexpr std::size_t kMostFreeBlocks = 8;

bool is_two_bytes(DType type) { return type == DType::bf16 || type == DType::f16; }

template <class V>
void widen_as(const void* from, float* to, std::size_t count) {
  const V* values = static_cast<const V*>(from);
  for (std::size_t i = 0; i < count; ++i) to[i] = tensor::to_float(values[i]);
}
void widen(DType type, const void* from, float* to, std::size_t count) {
  if (type == DType::bf16) return widen_as<Bf16>(from, to, count);
  widen_as<F16>(from, to, count);
}

template <class V>
void narrow_as(const float* from, void* to, std::size_t count) {
  V* values = static_cast<V*>(to);
  for (std::size_t i = 0; i < count; ++i) values[i] = tensor::from_float<V>(from[i]);
}
void narrow(DType type, const float* from, void* to, std::size_t count) {
  if (type == DType::bf16) return narrow_as<Bf16>(from, to, count);
  narrow_as<F16>(from, to, count);
}

void check_places_or_throw(ConstBuffer a, ConstBuffer b) {
  if (a.place != b.place) throw CommError("of one message a buffer lies on the device, and one does not");
}

// A message on its way through host memory.
class StagedRequest : public Request::Pending {
 public:
  explicit StagedRequest(StagedCommunicator::Blocks& blocks) : blocks_(blocks) {}
  // A message that was given up may still be written into its memory, which stays until the process ends.
  ~StagedRequest() override {
    for (auto& block : held_) block.bytes.release();
  }
  StagedRequest(const StagedRequest&) = delete;
  StagedRequest& operator=(const StagedRequest&) = delete;

  // Room in host memory for the buffer, of another type where its numbers are to be added.
  Buffer room_for(ConstBuffer buffer, DType type) {
    Buffer room;
    room.count = buffer.count;
    room.type = type;
    held_.push_back(blocks_.take(room.bytes()));
    room.data = held_.back().bytes.get();
    return room;
  }
  Buffer room_for(ConstBuffer buffer) { return room_for(buffer, buffer.type); }

  void download(ConstBuffer from, Buffer to) {
    if (from.count == 0) return;
    if (from.type == to.type) return download_bytes(from, to.data);
    const Buffer narrow_room = room_for(from);
    download_bytes(from, narrow_room.data);
    widen(from.type, narrow_room.data, static_cast<float*>(to.data), from.count);
  }

  void begin(Request host) { host_ = std::move(host); }
  // When it is complete.
  void upload(Buffer from, Buffer to) { from_ = from, to_ = to; }

  void wait() override {
    host_.wait();
    finish();
  }
  bool test() override {
    if (!host_.test()) return false;
    finish();
    return true;
  }

 private:
  static void download_bytes(ConstBuffer from, void* to) {
    tensor::device().download(to, static_cast<const std::byte*>(from.data), from.bytes());
  }

  void finish() {
    if (to_.count > 0) {
      if (from_.type != to_.type) {
        const Buffer narrow_room = room_for(to_);
        narrow(to_.type, static_cast<const float*>(from_.data), narrow_room.data, to_.count);
        from_.data = narrow_room.data;
      }
      tensor::device().upload(static_cast<std::byte*>(to_.data), from_.data, to_.bytes());
    }
    for (auto& block : held_) blocks_.give_back(std::move(block));
    held_.clear();
  }

  StagedCommunicator::Blocks& blocks_;
  std::vector<StagedCommunicator::Block> held_;
  Request host_;
  Buffer from_, to_;
};

// Numbers of this type are added as numbers of that.
DType type_of_sums(DType type) { return is_two_bytes(type) ? DType::f32 : type; }

}  // namespace

StagedCommunicator::Block StagedCommunicator::Blocks::take(std::size_t bytes) {
  const auto fits = [&](const Block& block) { return block.size >= bytes && block.size / 2 <= bytes; };
  const auto found = std::find_if(free_.begin(), free_.end(), fits);
  if (found == free_.end()) return {std::make_unique_for_overwrite<std::byte[]>(bytes), bytes};
  Block block = std::move(*found);
  free_.erase(found);
  return block;
}

void StagedCommunicator::Blocks::give_back(Block block) {
  free_.push_back(std::move(block));
  if (free_.size() > kMostFreeBlocks) free_.erase(free_.begin());
}

Request StagedCommunicator::start_all_reduce(Buffer values, Reduction reduction) {
  if (values.place == Place::host) return host_.start_all_reduce(values, reduction);
  auto staged = std::make_unique<StagedRequest>(blocks_);
  const Buffer room = staged->room_for(values, type_of_sums(values.type));
  staged->download(values, room);
  staged->upload(room, values);
  staged->begin(host_.start_all_reduce(room, reduction));
  return Request(std::move(staged));
}

Request StagedCommunicator::start_reduce_scatter(ConstBuffer whole, Buffer shard) {
  check_places_or_throw(whole, shard);
  if (whole.place == Place::host) return host_.start_reduce_scatter(whole, shard);
  auto staged = std::make_unique<StagedRequest>(blocks_);
  const Buffer room = staged->room_for(whole, type_of_sums(whole.type));
  const Buffer sums = staged->room_for(shard, type_of_sums(shard.type));
  staged->download(whole, room);
  staged->upload(sums, shard);
  staged->begin(host_.start_reduce_scatter(room, sums));
  return Request(std::move(staged));
}

Request StagedCommunicator::start_all_gather(ConstBuffer shard, Buffer whole) {
  check_places_or_throw(shard, whole);
  if (whole.place == Place::host) return host_.start_all_gather(shard, whole);
  auto staged = std::make_unique<StagedRequest>(blocks_);
  const Buffer room = staged->room_for(whole);
  const auto begin = std::min(static_cast<std::size_t>(rank()) * shard.count, whole.count);
  const Buffer own = part_of(room, begin, std::min(begin + shard.count, whole.count));
  if (own.count == shard.count && own.type == shard.type) staged->download(shard, own);
  staged->upload(room, whole);
  ConstBuffer sent = own;  // of the shard's size also where that is wrong: the host's communicator says so
  sent.count = shard.count;
  sent.type = shard.type;
  staged->begin(host_.start_all_gather(sent, room));
  return Request(std::move(staged));
}

Request StagedCommunicator::start_broadcast(Buffer values, int root) {
  if (values.place == Place::host) return host_.start_broadcast(values, root);
  auto staged = std::make_unique<StagedRequest>(blocks_);
  const Buffer room = staged->room_for(values);
  if (rank() == root) {
    staged->download(values, room);
  } else {
    staged->upload(room, values);
  }
  staged->begin(host_.start_broadcast(room, root));
  return Request(std::move(staged));
}

Request StagedCommunicator::start_send(ConstBuffer values, int to, int tag) {
  if (values.place == Place::host) return host_.start_send(values, to, tag);
  auto staged = std::make_unique<StagedRequest>(blocks_);
  const Buffer room = staged->room_for(values);
  staged->download(values, room);
  staged->begin(host_.start_send(room, to, tag));
  return Request(std::move(staged));
}

Request StagedCommunicator::start_receive(Buffer values, int from, int tag) {
  if (values.place == Place::host) return host_.start_receive(values, from, tag);
  auto staged = std::make_unique<StagedRequest>(blocks_);
  const Buffer room = staged->room_for(values);
  staged->upload(room, values);
  staged->begin(host_.start_receive(room, from, tag));
  return Request(std::move(staged));
}

}  // namespace gpt::comm
