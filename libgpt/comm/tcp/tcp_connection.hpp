#pragma once

#include <array>
#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "libgpt/comm/tcp/frame.hpp"
#include "libgpt/comm/tcp/tcp_socket.hpp"

namespace gpt::comm {

// One side of a message between two ranks.
struct Transfer {
  std::byte* data = nullptr;  // of a send only read
  std::size_t bytes = 0;
  std::size_t arrived = 0;  // what the other side sent, where that is not `bytes`
  bool complete = false;
};
using TransferPointer = std::shared_ptr<Transfer>;

// What becomes of the frames that arrive.
class FrameReceiver {
 public:
  virtual ~FrameReceiver() = default;
  // Where the head's bytes are to be written; as many bytes, or empty: they are passed over.
  virtual std::span<std::byte> place_for(int peer, const FrameHead& head) = 0;
  virtual void arrived(int peer, const FrameHead& head) = 0;  // with all its bytes
};

// Frames to and from one other rank. Nothing waits. Throws CommError when the connection is broken, or was
// closed by the other side.
class TcpConnection {
 public:
  TcpConnection(TcpSocket socket, int peer) : socket_(std::move(socket)), peer_(peer) {}
  bool is_open() const { return socket_.is_open(); }

  // The transfer is complete when the system has taken all its bytes, or they have been copied: those of
  // short messages are.
  void send(const FrameHead& head, TransferPointer transfer = nullptr);
  bool has_to_write() const { return !outgoing_.empty(); }
  bool write_some();  // whether anything moved
  bool read_some(FrameReceiver& receiver);

  // From now on no memory of transfers is touched: what is half sent goes on as zeros, what is half received
  // is passed over, what has not begun is dropped.
  void let_go_of_transfers();

  const TcpSocket& socket() const { return socket_; }
  void close() { socket_.close(); }

 private:
  struct Outgoing {
    FrameHead head;
    TransferPointer transfer;
    std::vector<std::byte> copy;  // of a short message
    std::size_t body = 0;
    std::size_t sent = 0;  // of head and body
    std::size_t total() const { return sizeof head + body; }
    std::span<const std::byte> left_of_body() const;
  };

  bool write_once(Outgoing& frame);
  void use_up_ahead(FrameReceiver& receiver);
  void use_for_head(FrameReceiver& receiver);
  void take_body(FrameReceiver& receiver, std::size_t count);
  void finish_if_whole(FrameReceiver& receiver);

  TcpSocket socket_;
  int peer_;
  std::deque<Outgoing> outgoing_;

  // The frame that is being received.
  std::array<std::byte, sizeof(FrameHead)> head_bytes_{};
  std::size_t head_filled_ = 0;
  FrameHead head_;
  bool in_body_ = false;
  std::span<std::byte> place_;  // what is left of it
  std::size_t body_left_ = 0;
  // What was read beyond the place.
  std::vector<std::byte> ahead_ = std::vector<std::byte>(std::size_t{16} << 10);
  std::size_t ahead_begin_ = 0;
  std::size_t ahead_end_ = 0;
};

}  // namespace gpt::comm
