#pragma once

#include <string>
#include <vector>

#include "libgpt/comm/launch.hpp"
#include "libgpt/comm/tcp/tcp_socket.hpp"

namespace gpt::comm {

// A rank's connections to all others.
struct MetRanks {
  int rank = 0;
  std::vector<TcpSocket> sockets;  // by rank; not open at the own
  std::vector<std::string> hosts;  // names of their machines, by rank
};

// Meets the other ranks: rank 0 listens at the meeting point, the others call there, and rank 0 tells each
// where the rest listens; then every rank calls those below it. Throws LaunchError when not all have come in
// time, naming the address and who is missing, and where a rank is sent away.
MetRanks meet_or_throw(const MeetingPoint& point);

}  // namespace gpt::comm
