#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "libgpt/comm/communicator.hpp"

namespace gpt::comm {

using Deadline = std::chrono::steady_clock::time_point;

// A socket of TCP, closed with its owner. Never blocking: who waits polls.
class TcpSocket {
 public:
  TcpSocket() = default;
  explicit TcpSocket(int descriptor) : descriptor_(descriptor) {}
  TcpSocket(TcpSocket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  TcpSocket& operator=(TcpSocket&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~TcpSocket();

  int descriptor() const { return descriptor_; }
  bool is_open() const { return descriptor_ >= 0; }
  void close();

 private:
  int descriptor_ = -1;
};

// A socket's own port.
int port_of(const TcpSocket& socket);
// Who is at the other end: "10.0.0.7", "fe80::1%eth0"; empty where that cannot be told.
std::string peer_host(const TcpSocket& socket);
bool is_loopback(const std::string& numeric_host);

// Listens on every address of this machine, IPv6 and IPv4; port 0: on one that is free. Not open, with the
// error's number in errno, where the port is not to be had.
TcpSocket listen_on(int port);
// The next connection of a listener; not open where there is none.
TcpSocket accept_on(const TcpSocket& listener);

struct ConnectResult {
  TcpSocket socket;   // not open where it failed
  std::string error;  // why
};
// To any of the addresses that the host's name stands for.
ConnectResult connect_to(const std::string& host, int port, Deadline deadline);

// For connections that carry messages: small ones at once, and a machine that went away is noticed.
void tune(const TcpSocket& socket);

// Whole stretches, with a time limit. Throw CommError: the text says what happened, not to whom.
void write_all_or_throw(const TcpSocket& socket, std::span<const std::byte> bytes, Deadline deadline);
void read_all_or_throw(const TcpSocket& socket, std::span<std::byte> bytes, Deadline deadline);

// Milliseconds until then, for poll: rounded up, never below 0.
int milliseconds_until(Deadline deadline);

}  // namespace gpt::comm
