#include "libgpt/comm/self_communicator.hpp"

#include <cstring>

#include "libgpt/tensor/device.hpp"

namespace gpt::comm {
namespace {

void copy(ConstBuffer from, Buffer to) {
  if (from.place != to.place) throw CommError("a group of one rank: one buffer lies on the device, one not");
  if (from.bytes() != to.bytes()) {
    throw CommError("a group of one rank: " + std::to_string(from.bytes()) + " bytes do not fill " +
                    std::to_string(to.bytes()));
  }
  if (from.data == to.data || from.bytes() == 0) return;
  if (from.place == tensor::Place::device) {
    tensor::device().copy(static_cast<std::byte*>(to.data), static_cast<const std::byte*>(from.data),
                          from.bytes());
  } else {
    std::memcpy(to.data, from.data, from.bytes());
  }
}

}  // namespace

Request SelfCommunicator::start_all_reduce(Buffer, Reduction) { return {}; }

Request SelfCommunicator::start_reduce_scatter(ConstBuffer whole, Buffer shard) {
  copy(whole, shard);
  return {};
}

Request SelfCommunicator::start_all_gather(ConstBuffer shard, Buffer whole) {
  copy(shard, whole);
  return {};
}

Request SelfCommunicator::start_broadcast(Buffer, int) { return {}; }

Request SelfCommunicator::start_send(ConstBuffer, int to, int) {
  throw CommError("a group of one rank has no rank " + std::to_string(to) + " to send to");
}

Request SelfCommunicator::start_receive(Buffer, int from, int) {
  throw CommError("a group of one rank has no rank " + std::to_string(from) + " to receive from");
}

}  // namespace gpt::comm
