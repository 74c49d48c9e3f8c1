#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace gpt::cuda_on_cpu {

// In which order the threads and blocks of a launch run. Without a seed: as they become able to, and copies
// to shared memory land at the last legal moment. With a seed: by random priorities, blocks shuffled, copies
// landing at once or late; the same seed gives the same order again.
struct Schedule {
  std::optional<std::uint64_t> seed;
};

// "fifo", or a seed. Throws std::invalid_argument.
Schedule parse_schedule(const std::string& text);

// Of this OS thread: at first what the environment variable GPT_CUDA_SCHEDULE says, else without a seed.
Schedule current_schedule();

// Sets this OS thread's schedule for a scope.
class ScopedSchedule {
 public:
  explicit ScopedSchedule(Schedule schedule);
  ~ScopedSchedule();
  ScopedSchedule(const ScopedSchedule&) = delete;
  ScopedSchedule& operator=(const ScopedSchedule&) = delete;

 private:
  Schedule before_;
};

// The random numbers of the next launch of this OS thread. Only with a seed.
std::uint64_t next_launch_seed();

}  // namespace gpt::cuda_on_cpu
