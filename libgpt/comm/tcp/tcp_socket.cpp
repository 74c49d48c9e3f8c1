#include "libgpt/comm/tcp/tcp_socket.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <memory>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace gpt::comm {
namespace {

using AddressList = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

void set(const TcpSocket& socket, int level, int option, int value) {
  setsockopt(socket.descriptor(), level, option, &value, sizeof value);
}

TcpSocket new_socket(int family) {
  return TcpSocket(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
}

std::string error_text(int number) { return std::strerror(number); }

// Whether the socket is ready before the deadline.
bool is_ready(const TcpSocket& socket, short events, Deadline deadline) {
  while (true) {
    pollfd poll_entry{socket.descriptor(), events, 0};
    const int ready = poll(&poll_entry, 1, milliseconds_until(deadline));
    if (ready > 0) return true;
    if (ready == 0) return false;
    if (errno != EINTR) return true;  // the call that follows tells
  }
}

ConnectResult connect_to_address(const addrinfo& address, Deadline deadline) {
  TcpSocket socket = new_socket(address.ai_family);
  if (!socket.is_open()) return {TcpSocket(), error_text(errno)};
  if (::connect(socket.descriptor(), address.ai_addr, address.ai_addrlen) != 0) {
    if (errno != EINPROGRESS && errno != EINTR) return {TcpSocket(), error_text(errno)};
    if (!is_ready(socket, POLLOUT, deadline)) return {TcpSocket(), "no answer"};
    int error = 0;
    socklen_t length = sizeof error;
    getsockopt(socket.descriptor(), SOL_SOCKET, SO_ERROR, &error, &length);
    if (error != 0) return {TcpSocket(), error_text(error)};
  }
  return {std::move(socket), ""};
}

TcpSocket listen_on(int family, const sockaddr* address, socklen_t length) {
  TcpSocket socket = new_socket(family);
  if (!socket.is_open()) return socket;
  set(socket, SOL_SOCKET, SO_REUSEADDR, 1);
  if (family == AF_INET6) set(socket, IPPROTO_IPV6, IPV6_V6ONLY, 0);
  if (bind(socket.descriptor(), address, length) == 0 && listen(socket.descriptor(), 4096) == 0)
    return socket;
  const int error = errno;
  socket.close();
  errno = error;
  return socket;
}

}  // namespace

TcpSocket::~TcpSocket() { close(); }

void TcpSocket::close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

int port_of(const TcpSocket& socket) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  if (getsockname(socket.descriptor(), reinterpret_cast<sockaddr*>(&address), &length) != 0) return 0;
  return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6*>(&address)->sin6_port
                                             : reinterpret_cast<sockaddr_in*>(&address)->sin_port);
}

std::string peer_host(const TcpSocket& socket) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  char text[NI_MAXHOST] = {};
  if (getpeername(socket.descriptor(), reinterpret_cast<sockaddr*>(&address), &length) != 0 ||
      getnameinfo(reinterpret_cast<sockaddr*>(&address), length, text, sizeof text, nullptr, 0,
                  NI_NUMERICHOST) != 0) {
    return "";
  }
  const std::string host = text;
  constexpr std::string_view kMapped = "::ffff:";  // IPv4 on a socket of IPv6
  return host.starts_with(kMapped) ? host.substr(kMapped.size()) : host;
}

bool is_loopback(const std::string& numeric_host) {
  return numeric_host == "::1" || numeric_host.starts_with("127.");
}

TcpSocket listen_on(int port) {
  sockaddr_in6 any6{};
  any6.sin6_family = AF_INET6;
  any6.sin6_addr = in6addr_any;
  any6.sin6_port = htons(static_cast<std::uint16_t>(port));
  TcpSocket socket = listen_on(AF_INET6, reinterpret_cast<sockaddr*>(&any6), sizeof any6);
  if (socket.is_open() || errno == EADDRINUSE || errno == EACCES) return socket;
  sockaddr_in any4{};  // a machine without IPv6
  any4.sin_family = AF_INET;
  any4.sin_addr.s_addr = htonl(INADDR_ANY);
  any4.sin_port = any6.sin6_port;
  return listen_on(AF_INET, reinterpret_cast<sockaddr*>(&any4), sizeof any4);
}

TcpSocket accept_on(const TcpSocket& listener) {
  return TcpSocket(accept4(listener.descriptor(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
}

ConnectResult connect_to(const std::string& host, int port, Deadline deadline) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int code = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (code != 0) return {TcpSocket(), gai_strerror(code)};
  const AddressList addresses(found, &freeaddrinfo);
  ConnectResult result;
  for (const addrinfo* address = found; address && !result.socket.is_open(); address = address->ai_next)
    result = connect_to_address(*address, deadline);
  return result;
}

void tune(const TcpSocket& socket) {
  set(socket, IPPROTO_TCP, TCP_NODELAY, 1);
  set(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
  set(socket, IPPROTO_TCP, TCP_KEEPIDLE, 30);
  set(socket, IPPROTO_TCP, TCP_KEEPINTVL, 10);
  set(socket, IPPROTO_TCP, TCP_KEEPCNT, 6);
  set(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, 120'000);
}

void write_all_or_throw(const TcpSocket& socket, std::span<const std::byte> bytes, Deadline deadline) {
  while (!bytes.empty()) {
    const ssize_t written = send(socket.descriptor(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (written >= 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      if (!is_ready(socket, POLLOUT, deadline)) throw CommError("no answer in time");
    } else if (errno != EINTR) {
      throw CommError(error_text(errno));
    }
  }
}

void read_all_or_throw(const TcpSocket& socket, std::span<std::byte> bytes, Deadline deadline) {
  while (!bytes.empty()) {
    const ssize_t got = recv(socket.descriptor(), bytes.data(), bytes.size(), 0);
    if (got > 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(got));
    } else if (got == 0) {
      throw CommError("the connection was closed");
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      if (!is_ready(socket, POLLIN, deadline)) throw CommError("no answer in time");
    } else if (errno != EINTR) {
      throw CommError(error_text(errno));
    }
  }
}

int milliseconds_until(Deadline deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<std::chrono::milliseconds::rep>(left.count(), 0, INT_MAX));
}

}  // namespace gpt::comm
