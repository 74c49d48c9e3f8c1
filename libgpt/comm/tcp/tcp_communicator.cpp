#include "libgpt/comm/tcp/tcp_communicator.hpp"

#include <algorithm>
#include <cstring>
#include <exception>

#include "libgpt/comm/combine.hpp"
#include "libgpt/comm/shards.hpp"

namespace gpt::comm {
namespace {

using Piece = TcpExchange::Piece;
using Round = TcpExchange::Round;

// Groups up to which every rank sends a short message to every other; beyond, it goes along a tree.
constexpr int kMostDirectRanks = 16;
// What a rank holds of what it is about to add, and of one other rank at least.
constexpr std::size_t kHeldBytes = std::size_t{2} << 20;
constexpr std::size_t kSmallestPieceBytes = std::size_t{64} << 10;
constexpr std::size_t kBroadcastPieceBytes = std::size_t{1} << 20;

std::byte* bytes_of(ConstBuffer buffer) { return static_cast<std::byte*>(const_cast<void*>(buffer.data)); }

}  // namespace

TcpCommunicator::TcpCommunicator(TcpMesh& mesh, std::vector<int> members, std::uint32_t number,
                                 std::string name)
    : mesh_(mesh), members_(std::move(members)), number_(number), name_(std::move(name)) {
  const auto me = std::find(members_.begin(), members_.end(), mesh_.rank());
  rank_ = static_cast<int>(me - members_.begin());
}

// When an exception ends the group messages may be under way that nobody waits for any more.
TcpCommunicator::~TcpCommunicator() {
  if (std::uncaught_exceptions() > 0) mesh_.give_up();
}

Request TcpCommunicator::start_all_reduce(Buffer values, Reduction reduction) {
  const MessageLabel label = label_or_throw("all-reduce", values);
  check_reducible_or_throw(values.type, label);
  Exchange exchange = collective(label);
  if (values.bytes() > kLongestUnasked) {
    const auto starts = shard_starts(values.count, size());
    Buffer shard =
        part_of(values, starts[static_cast<std::size_t>(rank_)], starts[static_cast<std::size_t>(rank_) + 1]);
    add_large_reduction(*exchange, values, starts, shard, reduction);
    add_gather(*exchange, values, starts);
  } else if (size() <= kMostDirectRanks) {
    add_small_reduction(*exchange, values, reduction);
  } else {
    add_tree_reduction(*exchange, values, reduction);
    add_tree_broadcast(*exchange, bytes_of(values), values.bytes(), 0);
  }
  return begun(std::move(exchange));
}

Request TcpCommunicator::start_reduce_scatter(ConstBuffer whole, Buffer shard) {
  const MessageLabel label = label_or_throw("reduce-scatter", whole);
  check_shards_or_throw(whole, shard, label);
  check_reducible_or_throw(whole.type, label);
  Exchange exchange = collective(label);
  add_large_reduction(*exchange, whole, shard_starts(whole.count, size()), shard, Reduction::sum);
  return begun(std::move(exchange));
}

Request TcpCommunicator::start_all_gather(ConstBuffer shard, Buffer whole) {
  const MessageLabel label = label_or_throw("all-gather", whole);
  check_shards_or_throw(whole, shard, label);
  Exchange exchange = collective(label);
  const auto own = static_cast<std::size_t>(rank_) * shard.count;
  std::byte* place = bytes_of(part_of(whole, own, own + shard.count));
  if (place != shard.data && shard.bytes() > 0) std::memcpy(place, shard.data, shard.bytes());
  add_gather(*exchange, whole, shard_starts(whole.count, size()));
  return begun(std::move(exchange));
}

Request TcpCommunicator::start_broadcast(Buffer values, int root) {
  const MessageLabel label = label_or_throw("broadcast from", values, root);
  check_peer_or_throw(root, 0, label);
  Exchange exchange = collective(label);
  add_tree_broadcast(*exchange, bytes_of(values), values.bytes(), root);
  return begun(std::move(exchange));
}

Request TcpCommunicator::start_send(ConstBuffer values, int to, int tag) {
  const MessageLabel label = label_or_throw("send to", values, to);
  check_peer_or_throw(to, tag, label);
  Exchange exchange = message(label, tag);
  Round round;
  round.sends.push_back({to, bytes_of(values), values.bytes()});
  exchange->add(std::move(round));
  return begun(std::move(exchange));
}

Request TcpCommunicator::start_receive(Buffer values, int from, int tag) {
  const MessageLabel label = label_or_throw("receive from", values, from);
  check_peer_or_throw(from, tag, label);
  Exchange exchange = message(label, tag);
  Round round;
  round.receives.push_back({from, bytes_of(values), values.bytes()});
  exchange->add(std::move(round));
  return begun(std::move(exchange));
}

// In each round ranks twice as far apart hear of each other: after the last everybody has heard of all.
Request TcpCommunicator::start_barrier() {
  Exchange exchange = collective(label_or_throw("barrier", ConstBuffer{}));
  for (int distance = 1; distance < size(); distance *= 2) {
    Round round;
    round.sends.push_back({(rank_ + distance) % size(), nullptr, 0});
    round.receives.push_back({(rank_ + size() - distance) % size(), nullptr, 0});
    exchange->add(std::move(round));
  }
  return begun(std::move(exchange));
}

// Everybody gets everybody's numbers, and adds them in the order of ranks.
void TcpCommunicator::add_small_reduction(TcpExchange& exchange, Buffer values, Reduction reduction) const {
  const std::size_t bytes = values.bytes();
  std::byte* all = exchange.scratch(bytes * static_cast<std::size_t>(size()) + 1);
  Round round;
  for (int step = 1; step < size(); ++step) {
    const int to = (rank_ + size() - step) % size();
    const int from = (rank_ + step) % size();
    round.sends.push_back({to, bytes_of(values), bytes});
    round.receives.push_back({from, all + static_cast<std::size_t>(from) * bytes, bytes});
  }
  round.then = [=, this](TcpExchange&) {
    if (bytes == 0) return;
    std::memcpy(all + static_cast<std::size_t>(rank_) * bytes, values.data, bytes);
    for (std::size_t rank = 1; rank < members_.size(); ++rank)
      combine(values.type, reduction, all, all + rank * bytes, all, values.count);
    std::memcpy(values.data, all, bytes);
  };
  exchange.add(std::move(round));
}

// To rank 0, along a binomial tree.
void TcpCommunicator::add_tree_reduction(TcpExchange& exchange, Buffer values, Reduction reduction) const {
  std::byte* received = exchange.scratch(values.bytes() + 1);
  for (int distance = 1; distance < size(); distance *= 2) {
    Round round;
    if (rank_ & distance) {
      round.sends.push_back({rank_ - distance, bytes_of(values), values.bytes()});
      exchange.add(std::move(round));
      return;
    }
    if (rank_ + distance >= size()) continue;
    round.receives.push_back({rank_ + distance, received, values.bytes()});
    round.then = [=](TcpExchange&) {
      combine(values.type, reduction, values.data, received, values.data, values.count);
    };
    exchange.add(std::move(round));
  }
}

// Along a binomial tree whose root is number 0; each piece is passed on when it has come.
void TcpCommunicator::add_tree_broadcast(TcpExchange& exchange, std::byte* data, std::size_t bytes,
                                         int root) const {
  const int number = (rank_ + size() - root) % size();
  int distance = 1;
  while (distance < size() && !(number & distance)) distance *= 2;
  std::vector<int> children;
  for (int below = distance / 2; below > 0; below /= 2) {
    if (number + below < size()) children.push_back((number + below + root) % size());
  }
  for (std::size_t first = 0; first == 0 || first < bytes; first += kBroadcastPieceBytes) {
    const std::size_t length = std::min(kBroadcastPieceBytes, bytes - first);
    Round round;
    round.start = first == 0 ? Round::Start::after_earlier : Round::Start::ahead;
    if (number != 0) round.receives.push_back({(number - distance + root) % size(), data + first, length});
    round.then = [=](TcpExchange& passing) {
      for (const int child : children) passing.send({child, data + first, length});
    };
    exchange.add(std::move(round));
  }
}

// Each rank receives its shard of all others piece by piece, and adds it up from its own on.
void TcpCommunicator::add_large_reduction(TcpExchange& exchange, ConstBuffer whole,
                                          const std::vector<std::size_t>& starts, Buffer shard,
                                          Reduction reduction) const {
  const std::size_t element = tensor::size_in_bytes(whole.type);
  const auto others = static_cast<std::size_t>(size() - 1);
  const std::size_t longest = starts[1] - starts[0];
  const std::size_t piece = std::min(std::max(kHeldBytes / others, kSmallestPieceBytes) / element, longest);
  std::byte* slots[2] = {exchange.scratch(piece * element * others + 1),
                         exchange.scratch(piece * element * others + 1)};
  const auto me = static_cast<std::size_t>(rank_);
  for (std::size_t first = 0, number = 0; first < longest; first += piece, ++number) {
    const auto part = [&](int rank) {
      const auto index = static_cast<std::size_t>(rank);
      return part_of(whole, std::min(starts[index] + first, starts[index + 1]),
                     std::min(starts[index] + first + piece, starts[index + 1]));
    };
    const ConstBuffer own = part(rank_);
    std::byte* const slot = slots[number % 2];
    Round round;
    round.start = number == 0 ? Round::Start::after_earlier : Round::Start::ahead;
    for (int step = 1; step < size(); ++step) {
      const int to = (rank_ + size() - step) % size();
      const ConstBuffer sent = part(to);
      if (sent.count > 0) round.sends.push_back({to, bytes_of(sent), sent.bytes()});
      if (own.count > 0)
        round.receives.push_back(
            {(rank_ + step) % size(), slot + static_cast<std::size_t>(step - 1) * own.bytes(), own.bytes()});
    }
    std::byte* const sum = bytes_of(part_of(shard, std::min(first, starts[me + 1] - starts[me]),
                                            std::min(first, starts[me + 1] - starts[me])));
    round.then = [=](TcpExchange&) {
      const void* so_far = own.data;
      for (std::size_t other = 0; other < others; ++other) {
        combine(own.type, reduction, so_far, slot + other * own.bytes(), sum, own.count);
        so_far = sum;
      }
    };
    exchange.add(std::move(round));
  }
}

// Every rank's own shard goes to all others.
void TcpCommunicator::add_gather(TcpExchange& exchange, Buffer whole,
                                 const std::vector<std::size_t>& starts) const {
  const auto part = [&](int rank) {
    const auto index = static_cast<std::size_t>(rank);
    return part_of(whole, starts[index], starts[index + 1]);
  };
  const Buffer own = part(rank_);
  Round round;
  for (int step = 1; step < size(); ++step) {
    const int to = (rank_ + size() - step) % size();
    const int from = (rank_ + step) % size();
    const Buffer theirs = part(from);
    if (own.count > 0) round.sends.push_back({to, bytes_of(own), own.bytes()});
    if (theirs.count > 0) round.receives.push_back({from, bytes_of(theirs), theirs.bytes()});
  }
  exchange.add(std::move(round));
}

TcpCommunicator::Exchange TcpCommunicator::collective(const MessageLabel& label) {
  const Lane lane{FrameHead::Kind::collective, number_, collectives_++};
  return std::make_unique<TcpExchange>(mesh_, members_, lane, label);
}

TcpCommunicator::Exchange TcpCommunicator::message(const MessageLabel& label, int tag) {
  const Lane lane{FrameHead::Kind::message, number_, static_cast<std::uint64_t>(tag)};
  return std::make_unique<TcpExchange>(mesh_, members_, lane, label);
}

Request TcpCommunicator::begun(Exchange exchange) {
  exchange->begin();
  return Request(std::move(exchange));
}

MessageLabel TcpCommunicator::label_or_throw(const char* what, ConstBuffer values, int peer) const {
  const MessageLabel label{what, peer, values.count, values.type, &name_, rank_, size(), mesh_.rank()};
  if (values.place == tensor::Place::device)
    throw CommError(label.text() + ": the buffer lies on the device, and TCP reaches host memory only");
  return label;
}

void TcpCommunicator::check_reducible_or_throw(tensor::DType type, const MessageLabel& label) const {
  if (is_reducible(type)) return;
  throw CommError(label.text() + ": only F32, F64, I32 and I64 can be reduced");
}

void TcpCommunicator::check_shards_or_throw(ConstBuffer whole, ConstBuffer shard,
                                            const MessageLabel& label) const {
  if (whole.type == shard.type && whole.count == shard.count * members_.size()) return;
  throw CommError(label.text() + ": a shard of " + std::to_string(shard.count) + " " +
                  std::string(tensor::safetensors_name(shard.type)) + " does not fit");
}

void TcpCommunicator::check_peer_or_throw(int peer, int tag, const MessageLabel& label) const {
  if (peer < 0 || peer >= size()) throw CommError(label.text() + ": there is no such rank in the group");
  if (tag < 0) throw CommError(label.text() + ": tag " + std::to_string(tag) + " is negative");
}

}  // namespace gpt::comm
