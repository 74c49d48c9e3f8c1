#include "libgpt/comm/launch_variables.hpp"

#include <charconv>
#include <climits>
#include <string_view>

#include "libgpt/comm/tcp/host_list.hpp"

namespace gpt::comm {
namespace {

constexpr int kDefaultPort = 29500;  // as torchrun has it
constexpr int kPortsOfJob = 8;

// Several, should one be taken; below those that Linux hands out by itself.
std::vector<int> ports_of_slurm_step(const std::string& job, const std::string& step) {
  std::uint32_t mixed = 2166136261U;
  for (const char c : job + "." + step) mixed = (mixed ^ static_cast<unsigned char>(c)) * 16777619U;
  std::vector<int> ports;
  for (int i = 0; i < kPortsOfJob; ++i)
    ports.push_back(20000 + static_cast<int>((mixed + 997U * i) % 12000U));
  return ports;
}

void set_limits_or_throw(const LaunchVariables& variables, MeetingPoint& meeting) {
  if (const auto seconds = variables.number_or_throw("GPT_RENDEZVOUS_TIMEOUT", 1, 1'000'000))
    meeting.patience = std::chrono::seconds(*seconds);
  meeting.time_limit = message_time_limit_or_throw(variables);
}

void check_rank_or_throw(const MeetingPoint& meeting, const char* rank_name, const char* size_name) {
  if (meeting.rank < meeting.size) return;
  throw LaunchError(std::string(rank_name) + "=" + std::to_string(meeting.rank) + " is no rank of " +
                    size_name + "=" + std::to_string(meeting.size) + ": ranks count from 0");
}

// What tells one run's ranks from another's. GPT_JOB_TOKEN, where all have it set to the same, stands for
// the rest.
std::string job_token(const LaunchVariables& variables, const std::string& otherwise) {
  std::string token = variables.text("GPT_JOB_TOKEN");
  if (token.empty()) return otherwise;
  if (token.size() > 1024) throw LaunchError("GPT_JOB_TOKEN is longer than 1024 characters");
  return "token " + token;
}

}  // namespace

std::string LaunchVariables::text(const char* name) const {
  const char* value = environment_(name);
  return value ? value : "";
}

std::optional<int> LaunchVariables::number(const char* name) const {
  const std::string digits = text(name);
  int value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

std::optional<int> LaunchVariables::number_or_throw(const char* name, int low, int high) const {
  if (text(name).empty()) return std::nullopt;
  const auto value = number(name);
  if (value && *value >= low && *value <= high) return value;
  throw LaunchError(std::string(name) + "=" + text(name) + " in the environment is not a number from " +
                    std::to_string(low) + " to " + std::to_string(high));
}

std::chrono::seconds message_time_limit_or_throw(const LaunchVariables& variables) {
  return std::chrono::seconds(variables.number_or_throw("GPT_COMM_TIMEOUT", 0, 10'000'000).value_or(1800));
}

// A batch script has SLURM_NTASKS as well, but is no step: only srun's tasks have SLURM_STEP_ID.
std::optional<int> tasks_of_slurm_step(const LaunchVariables& variables) {
  if (!variables.has("SLURM_STEP_ID")) return std::nullopt;
  const auto tasks = variables.number("SLURM_STEP_NUM_TASKS");
  return tasks ? tasks : variables.number("SLURM_NTASKS");
}

std::optional<MeetingPoint> meeting_by_rank_variables_or_throw(const LaunchVariables& variables) {
  if (variables.text("RANK").empty() || variables.text("WORLD_SIZE").empty()) return std::nullopt;
  MeetingPoint meeting;
  meeting.size = *variables.number_or_throw("WORLD_SIZE", 1, 1 << 20);
  meeting.rank = *variables.number_or_throw("RANK", 0, 1 << 20);
  check_rank_or_throw(meeting, "RANK", "WORLD_SIZE");
  const std::string host = variables.text("MASTER_ADDR");
  if (host.empty() && meeting.size > 1) {
    throw LaunchError("RANK=" + variables.text("RANK") + " and WORLD_SIZE=" + variables.text("WORLD_SIZE") +
                      " are set, and MASTER_ADDR is not: set it to the machine of rank 0, or unset these");
  }
  int port = variables.number_or_throw("MASTER_PORT", 1, 65534).value_or(kDefaultPort);
  // torchrun's own process listens on that port on behalf of the ranks.
  if (variables.text("TORCHELASTIC_USE_AGENT_STORE") == "True") ++port;
  meeting.hosts = {host};
  meeting.ports = {port};
  meeting.job = job_token(variables, "run " + variables.text("TORCHELASTIC_RUN_ID"));
  meeting.spoken_of = "RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT";
  set_limits_or_throw(variables, meeting);
  return meeting;
}

std::optional<MeetingPoint> meeting_by_slurm_or_throw(const LaunchVariables& variables) {
  const auto tasks = tasks_of_slurm_step(variables);
  const auto rank = variables.number("SLURM_PROCID");
  if (!tasks || *tasks < 2 || !rank) return std::nullopt;
  MeetingPoint meeting;
  meeting.size = *tasks;
  meeting.rank = *rank;
  check_rank_or_throw(meeting, "SLURM_PROCID", "SLURM_STEP_NUM_TASKS");
  const std::string given = variables.text("MASTER_ADDR");
  const std::string nodes = variables.text("SLURM_STEP_NODELIST");
  if (!given.empty()) {
    meeting.hosts = {given};
  } else {
    if (!nodes.empty()) meeting.hosts = expand_host_list_or_throw(nodes, 1);
    // Where srun was called: in a batch script that is the first node as well, and its name need not be
    // known.
    const std::string launched_from = variables.text("SLURM_LAUNCH_NODE_IPADDR");
    if (!launched_from.empty()) meeting.hosts.push_back(launched_from);
  }
  if (meeting.hosts.empty()) return std::nullopt;
  const std::string job = variables.text("SLURM_JOB_ID");
  const std::string step = variables.text("SLURM_STEP_ID");
  if (const auto port = variables.number_or_throw("MASTER_PORT", 1, 65535)) {
    meeting.ports = {*port};
  } else {
    meeting.ports = ports_of_slurm_step(job, step);
  }
  meeting.job =
      job_token(variables, "job " + job + "." + step + " start " + variables.text("SLURM_RESTART_COUNT"));
  meeting.spoken_of = "SLURM_PROCID, SLURM_STEP_NUM_TASKS and SLURM_STEP_NODELIST";
  set_limits_or_throw(variables, meeting);
  return meeting;
}

}  // namespace gpt::comm
