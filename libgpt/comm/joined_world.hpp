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

  // The code with which another rank has ended all, where this one has to find that out by itself; the
  // launchers of MPI end the processes instead.
  virtual std::optional<int> ended_by_another() { return std::nullopt; }

  // tell: tells of the exception that is being handled, and returns the exit code for it.
  void tell_failures_by(std::function<int()> tell) { tell_failure_ = std::move(tell); }
  void end_all_on_failure(const std::function<void()>& work) override {
    try {
      work();
    } catch (...) {
      if (size() == 1) throw;
      abort(tell_failure_());
    }
  }

 private:
  std::function<int()> tell_failure_;
};

// Initialises MPI. Throws LaunchError where this build has none, or where it does not find the other tasks.
std::unique_ptr<JoinedWorld> join_mpi_or_throw(const Launch& launch);

}  // namespace gpt::comm
