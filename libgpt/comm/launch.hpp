#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace gpt::comm {

// The processes were started in a way in which they cannot find each other; the message says how to start
// them.
class LaunchError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Where and as whom a process meets the others over TCP: rank 0 listens there, the others call.
struct MeetingPoint {
  int rank = 0;
  int size = 1;
  std::vector<std::string> hosts;         // names or addresses of rank 0's machine, the likeliest first
  std::vector<int> ports;                 // rank 0 takes the first that is free
  std::string job;                        // what all processes of this run, and no other, have in common
  std::string spoken_of;                  // the variables that say so, for messages
  std::chrono::seconds patience{300};     // for all to come
  std::chrono::seconds time_limit{1800};  // of a message, then a rank is taken to hang; 0: none
};

// How this process was started, as its environment tells before MPI is asked.
struct Launch {
  enum class Rendezvous {
    alone,  // by hand: the world is this process
    mpi,    // mpirun, or srun with PMIx or PMI: MPI finds the others
    tcp,    // RANK, WORLD_SIZE and MASTER_ADDR, or the variables of a Slurm step without PMIx
  };
  Rendezvous rendezvous = Rendezvous::alone;
  std::string launcher;      // "mpirun", "srun", "PMI"; empty where alone
  std::optional<int> tasks;  // how many were started, where the launcher says so
  // For tcp; also beside mpi where srun's variables would do without it.
  std::optional<MeetingPoint> meeting;
  std::chrono::seconds time_limit{1800};  // of a message (World::time_limit)
};

using Environment = std::function<const char*(const char* name)>;  // as getenv
// Throws LaunchError where variables contradict each other.
Launch detect_launch_or_throw(const Environment& environment);

// What to say where a task finds itself alone among several, or this build cannot use MPI.
std::string advice_on_lonely_tasks(const Launch& launch);

}  // namespace gpt::comm
