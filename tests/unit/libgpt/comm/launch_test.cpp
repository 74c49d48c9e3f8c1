#include "libgpt/comm/launch.hpp"

#include <map>

#include <doctest/doctest.h>

using namespace gpt;
using comm::Launch;

namespace {

Launch launch_with(const std::map<std::string, std::string>& variables) {
  return comm::detect_launch_or_throw([&](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  });
}

// A task of a step that offers no PMI.
const std::map<std::string, std::string> kStep = {{"SLURM_JOB_ID", "17"},
                                                  {"SLURM_STEP_ID", "3"},
                                                  {"SLURM_STEP_NUM_TASKS", "4"},
                                                  {"SLURM_PROCID", "2"},
                                                  {"SLURM_NTASKS", "8"},
                                                  {"SLURM_STEP_NODELIST", "node[03-04]"},
                                                  {"SLURM_LAUNCH_NODE_IPADDR", "10.0.0.9"}};

}  // namespace

TEST_CASE("a program started by hand is alone, also in a batch script with several tasks") {
  CHECK(launch_with({}).rendezvous == Launch::Rendezvous::alone);
  CHECK(launch_with({{"SLURM_JOB_ID", "7"}, {"SLURM_NTASKS", "8"}}).rendezvous == Launch::Rendezvous::alone);
}

TEST_CASE("under mpirun MPI is asked, also inside a Slurm allocation") {
  const Launch plain = launch_with({{"OMPI_COMM_WORLD_SIZE", "4"}, {"PMIX_RANK", "2"}});
  CHECK(plain.rendezvous == Launch::Rendezvous::mpi);
  CHECK(plain.launcher == "mpirun");
  CHECK(plain.tasks == 4);
  // mpirun's daemons are a step of one task a node
  const Launch allocated =
      launch_with({{"OMPI_COMM_WORLD_SIZE", "8"}, {"SLURM_STEP_ID", "0"}, {"SLURM_STEP_NUM_TASKS", "2"}});
  CHECK(allocated.launcher == "mpirun");
  CHECK(allocated.tasks == 8);
}

TEST_CASE("srun's tasks find each other by PMIx or PMI, and over TCP without") {
  auto with_pmix = kStep;
  with_pmix["PMIX_RANK"] = "2";
  CHECK(launch_with(with_pmix).rendezvous == Launch::Rendezvous::mpi);
  CHECK(launch_with(with_pmix).tasks == 4);
  CHECK(launch_with(with_pmix).meeting->rank == 2);  // for a build without MPI
  auto with_pmi = kStep;
  with_pmi["PMI_RANK"] = "2";
  CHECK(launch_with(with_pmi).rendezvous == Launch::Rendezvous::mpi);
  CHECK(launch_with(with_pmi).tasks == 4);
  const Launch bare = launch_with(kStep);
  CHECK(bare.rendezvous == Launch::Rendezvous::tcp);
  CHECK(bare.tasks == 4);
  REQUIRE(bare.meeting);
  CHECK(bare.meeting->rank == 2);
  CHECK(bare.meeting->size == 4);
  CHECK(bare.meeting->hosts == std::vector<std::string>{"node03", "10.0.0.9"});
  CHECK(bare.meeting->job == "job 17.3 start ");
  CHECK(bare.meeting->ports.size() == 8);
  for (const int port : bare.meeting->ports) CHECK((port >= 20000 && port < 32000));
  CHECK(comm::advice_on_lonely_tasks(bare).find("srun --mpi=pmix") != std::string::npos);
}

TEST_CASE("another step has other ports and another job; what is set by hand is taken") {
  auto next = kStep;
  next["SLURM_STEP_ID"] = "4";
  CHECK(launch_with(next).meeting->ports != launch_with(kStep).meeting->ports);
  CHECK(launch_with(next).meeting->job != launch_with(kStep).meeting->job);
  auto by_hand = kStep;
  by_hand["MASTER_ADDR"] = "head";
  by_hand["MASTER_PORT"] = "4711";
  by_hand["GPT_RENDEZVOUS_TIMEOUT"] = "7";
  by_hand["GPT_COMM_TIMEOUT"] = "0";
  by_hand["GPT_JOB_TOKEN"] = "secret";
  const auto meeting = *launch_with(by_hand).meeting;
  CHECK(meeting.hosts == std::vector<std::string>{"head"});
  CHECK(meeting.ports == std::vector<int>{4711});
  CHECK(meeting.patience == std::chrono::seconds(7));
  CHECK(meeting.time_limit == std::chrono::seconds(0));
  CHECK(meeting.job == "token secret");
}

TEST_CASE("one task of a step is alone; tasks that are not told who they are are refused") {
  auto one = kStep;
  one["SLURM_STEP_NUM_TASKS"] = "1";
  CHECK(launch_with(one).rendezvous == Launch::Rendezvous::alone);
  CHECK_THROWS_AS(launch_with({{"SLURM_STEP_ID", "0"}, {"SLURM_NTASKS", "8"}}), comm::LaunchError);
}

TEST_CASE("RANK, WORLD_SIZE and MASTER_ADDR come before every launcher") {
  std::map<std::string, std::string> variables = {
      {"RANK", "1"},      {"WORLD_SIZE", "2"},    {"MASTER_ADDR", "fd00::7"},
      {"PMIX_RANK", "0"}, {"SLURM_STEP_ID", "0"}, {"SLURM_STEP_NUM_TASKS", "1"}};
  const Launch launch = launch_with(variables);
  CHECK(launch.rendezvous == Launch::Rendezvous::tcp);
  CHECK(launch.tasks == 2);
  CHECK(launch.meeting->rank == 1);
  CHECK(launch.meeting->hosts == std::vector<std::string>{"fd00::7"});
  CHECK(launch.meeting->ports == std::vector<int>{29500});
  variables["MASTER_PORT"] = "29511";
  CHECK(launch_with(variables).meeting->ports == std::vector<int>{29511});
  variables["TORCHELASTIC_USE_AGENT_STORE"] = "True";  // torchrun itself listens on the port
  CHECK(launch_with(variables).meeting->ports == std::vector<int>{29512});
  variables["WORLD_SIZE"] = "1";
  variables["RANK"] = "0";
  CHECK(launch_with(variables).rendezvous == Launch::Rendezvous::alone);
}

TEST_CASE("variables that make no sense are named") {
  const auto with = [](const char* rank, const char* size, const char* host, const char* port) {
    std::map<std::string, std::string> variables = {{"RANK", rank}, {"WORLD_SIZE", size}};
    if (host) variables["MASTER_ADDR"] = host;
    if (port) variables["MASTER_PORT"] = port;
    return launch_with(variables);
  };
  CHECK_THROWS_WITH_AS(with("2", "2", "a", nullptr), "RANK=2 is no rank of WORLD_SIZE=2: ranks count from 0",
                       comm::LaunchError);
  CHECK_THROWS_WITH_AS(with("x", "2", "a", nullptr),
                       "RANK=x in the environment is not a number from 0 to 1048576", comm::LaunchError);
  CHECK_THROWS_WITH_AS(with("0", "2", "a", "70000"),
                       "MASTER_PORT=70000 in the environment is not a number from 1 to 65534",
                       comm::LaunchError);
  CHECK_THROWS_WITH_AS(with("0", "2", nullptr, nullptr),
                       "RANK=0 and WORLD_SIZE=2 are set, and MASTER_ADDR is not: set it to the machine of "
                       "rank 0, or unset these",
                       comm::LaunchError);
}

TEST_CASE("another launcher with PMI is asked for its number") {
  const Launch launch = launch_with({{"PMI_RANK", "1"}, {"PMI_SIZE", "3"}});
  CHECK(launch.rendezvous == Launch::Rendezvous::mpi);
  CHECK(launch.tasks == 3);
  CHECK_FALSE(launch_with({{"OMPI_COMM_WORLD_SIZE", "many"}}).tasks);
}
