#pragma once

#include "libgpt/comm/launch.hpp"

namespace gpt::comm {

// The environment that a launcher left.
class LaunchVariables {
 public:
  explicit LaunchVariables(const Environment& environment) : environment_(environment) {}

  bool has(const char* name) const { return environment_(name) != nullptr; }
  std::string text(const char* name) const;  // empty where it is not set
  std::optional<int> number(const char* name) const;
  // Throws LaunchError where it is set to anything but a number from low to high.
  std::optional<int> number_or_throw(const char* name, int low, int high) const;

 private:
  const Environment& environment_;
};

// GPT_COMM_TIMEOUT, or half an hour.
std::chrono::seconds message_time_limit_or_throw(const LaunchVariables& variables);

// The tasks of the Slurm step that this process is one of.
std::optional<int> tasks_of_slurm_step(const LaunchVariables& variables);

// From RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT, as torchrun sets them for what it starts.
std::optional<MeetingPoint> meeting_by_rank_variables_or_throw(const LaunchVariables& variables);

// From srun's variables, where it started several tasks.
std::optional<MeetingPoint> meeting_by_slurm_or_throw(const LaunchVariables& variables);

}  // namespace gpt::comm
