#pragma once

#include <memory>

#include "libgpt/comm/launch.hpp"
#include "libgpt/comm/world.hpp"

namespace gpt::comm {

// A world of processes that end together.
class JoinedWorld : public World {
 public:
  virtual void finalise() = 0;                    // when every rank is done with every message
  [[noreturn]] virtual void abort(int code) = 0;  // ends all ranks; the launcher returns the code
};

// Initialises MPI. Throws LaunchError where this build has none, or where it does not find the other tasks.
std::unique_ptr<JoinedWorld> join_mpi_or_throw(const Launch& launch);

}  // namespace gpt::comm
