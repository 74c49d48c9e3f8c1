#pragma once

#include <memory>

#include "libgpt/comm/joined_world.hpp"
#include "libgpt/comm/launch.hpp"

namespace gpt::comm {

// Meets the other ranks over TCP, without MPI. Throws LaunchError.
std::unique_ptr<JoinedWorld> join_tcp_or_throw(const MeetingPoint& point);

}  // namespace gpt::comm
