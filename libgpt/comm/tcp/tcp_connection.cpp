#include "libgpt/comm/tcp/tcp_connection.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <sys/socket.h>
#include <sys/uio.h>

namespace gpt::comm {
namespace {

// What one connection may read before another has its turn.
constexpr int kReadsInTurn = 16;

constexpr std::byte kZeros[std::size_t{64} << 10] = {};

bool has_body(FrameHead::Type type) {
  return type == FrameHead::Type::whole || type == FrameHead::Type::granted;
}

bool is_no_error(int number) { return number == EAGAIN || number == EWOULDBLOCK || number == EINTR; }

}  // namespace

std::span<const std::byte> TcpConnection::Outgoing::left_of_body() const {
  const std::size_t begin = sent > sizeof head ? sent - sizeof head : 0;
  if (!copy.empty()) return std::span(copy).subspan(begin);
  if (transfer) return {transfer->data + begin, body - begin};
  return std::span(kZeros).first(std::min(sizeof kZeros, body - begin));
}

void TcpConnection::send(const FrameHead& head, TransferPointer transfer) {
  Outgoing& frame = outgoing_.emplace_back();
  frame.head = head;
  frame.transfer = std::move(transfer);
  frame.body = frame.transfer ? frame.transfer->bytes : 0;
  const bool is_short = frame.transfer && frame.body <= kLongestUnasked;
  if (!is_short) {
    if (outgoing_.size() == 1) write_some();
    return;
  }
  const TransferPointer kept = frame.transfer;
  if (outgoing_.size() == 1) write_some();
  if (!kept->complete) {  // the frame is still there
    Outgoing& left = outgoing_.back();
    left.copy.assign(kept->data, kept->data + kept->bytes);
    left.transfer.reset();
    kept->complete = true;
  }
}

bool TcpConnection::write_some() {
  bool moved = false;
  while (!outgoing_.empty()) {
    Outgoing& frame = outgoing_.front();
    if (!write_once(frame)) return moved;
    moved = true;
    if (frame.sent < frame.total()) continue;
    if (frame.transfer) frame.transfer->complete = true;
    outgoing_.pop_front();
  }
  return moved;
}

bool TcpConnection::write_once(Outgoing& frame) {
  iovec pieces[2];
  std::size_t count = 0;
  if (frame.sent < sizeof frame.head) {
    pieces[count++] = {reinterpret_cast<std::byte*>(&frame.head) + frame.sent,
                       sizeof frame.head - frame.sent};
  }
  const auto body = frame.body > 0 ? frame.left_of_body() : std::span<const std::byte>();
  if (!body.empty()) pieces[count++] = {const_cast<std::byte*>(body.data()), body.size()};
  msghdr message{};
  message.msg_iov = pieces;
  message.msg_iovlen = count;
  const ssize_t written = sendmsg(socket_.descriptor(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (written < 0) {
    if (is_no_error(errno)) return false;
    throw CommError(std::strerror(errno));
  }
  frame.sent += static_cast<std::size_t>(written);
  return true;
}

bool TcpConnection::read_some(FrameReceiver& receiver) {
  bool moved = false;
  for (int turn = 0; turn < kReadsInTurn; ++turn) {
    iovec pieces[2];
    std::size_t count = 0;
    const std::size_t direct = place_.size();
    if (direct > 0) pieces[count++] = {place_.data(), direct};
    pieces[count++] = {ahead_.data(), ahead_.size()};
    const ssize_t read = readv(socket_.descriptor(), pieces, static_cast<int>(count));
    if (read < 0) {
      if (is_no_error(errno)) return moved;
      throw CommError(std::strerror(errno));
    }
    if (read == 0) throw CommError("its connection was closed");
    moved = true;
    const auto got = static_cast<std::size_t>(read);
    const std::size_t in_place = std::min(got, direct);
    ahead_begin_ = 0;
    ahead_end_ = got - in_place;
    if (in_place > 0) take_body(receiver, in_place);
    use_up_ahead(receiver);
    if (got < direct + ahead_.size()) return true;
  }
  return moved;
}

void TcpConnection::use_up_ahead(FrameReceiver& receiver) {
  while (ahead_begin_ < ahead_end_) {
    if (!in_body_) {
      use_for_head(receiver);
      continue;
    }
    const std::size_t count = std::min(body_left_, ahead_end_ - ahead_begin_);
    if (!place_.empty()) std::memcpy(place_.data(), ahead_.data() + ahead_begin_, count);
    ahead_begin_ += count;
    take_body(receiver, count);
  }
}

void TcpConnection::use_for_head(FrameReceiver& receiver) {
  const std::size_t count = std::min(head_bytes_.size() - head_filled_, ahead_end_ - ahead_begin_);
  std::memcpy(head_bytes_.data() + head_filled_, ahead_.data() + ahead_begin_, count);
  head_filled_ += count;
  ahead_begin_ += count;
  if (head_filled_ < head_bytes_.size()) return;
  head_filled_ = 0;
  std::memcpy(&head_, head_bytes_.data(), sizeof head_);
  if (head_.magic != FrameHead::kMagic || head_.type < FrameHead::Type::whole ||
      head_.type > FrameHead::Type::abort) {
    throw CommError("it sent bytes that are no message");
  }
  in_body_ = true;
  body_left_ = has_body(head_.type) ? static_cast<std::size_t>(head_.bytes) : 0;
  place_ = body_left_ > 0 ? receiver.place_for(peer_, head_) : std::span<std::byte>();
  finish_if_whole(receiver);
}

void TcpConnection::take_body(FrameReceiver& receiver, std::size_t count) {
  body_left_ -= count;
  if (!place_.empty()) place_ = place_.subspan(count);
  finish_if_whole(receiver);
}

void TcpConnection::finish_if_whole(FrameReceiver& receiver) {
  if (body_left_ > 0) return;
  in_body_ = false;
  receiver.arrived(peer_, head_);
}

void TcpConnection::let_go_of_transfers() {
  place_ = {};
  const bool is_half_sent = !outgoing_.empty() && outgoing_.front().sent > 0;
  outgoing_.erase(outgoing_.begin() + (is_half_sent ? 1 : 0), outgoing_.end());
  if (is_half_sent) outgoing_.front().transfer.reset();
}

}  // namespace gpt::comm
