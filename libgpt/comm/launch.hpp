#pragma once

#include <functional>
#include <optional>
#include <stdexcept>
#include <string>

namespace gpt::comm {

// The processes were started in a way in which they cannot find each other; the message says how to start
// them.
class LaunchError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// How this process was started, as its environment tells before MPI is asked.
struct Launch {
  enum class Rendezvous {
    alone,    // by hand: the world is this process
    mpi,      // mpirun, or srun with PMIx or PMI: MPI finds the others
    missing,  // one of several tasks of a Slurm step that offers no PMI: they cannot find each other
  };
  Rendezvous rendezvous = Rendezvous::alone;
  std::string launcher;      // "mpirun", "srun", "PMI"; empty where alone
  std::optional<int> tasks;  // how many were started, where the launcher says so
};

using Environment = std::function<const char*(const char* name)>;  // as getenv
Launch detect_launch(const Environment& environment);

// What to say where a task finds itself alone among several, or this build cannot use MPI.
std::string advice_on_lonely_tasks(const Launch& launch);

}  // namespace gpt::comm
