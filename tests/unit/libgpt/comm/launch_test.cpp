#include "libgpt/comm/launch.hpp"

#include <map>

#include <doctest/doctest.h>

using namespace gpt;
using comm::Launch;

namespace {

Launch launch_with(const std::map<std::string, std::string>& variables) {
  return comm::detect_launch([&](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  });
}

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

TEST_CASE("srun's tasks find each other by PMIx or PMI, and cannot without") {
  const std::map<std::string, std::string> step = {{"SLURM_STEP_ID", "0"}, {"SLURM_STEP_NUM_TASKS", "4"}};
  auto with_pmix = step;
  with_pmix["PMIX_RANK"] = "0";
  CHECK(launch_with(with_pmix).rendezvous == Launch::Rendezvous::mpi);
  CHECK(launch_with(with_pmix).tasks == 4);
  auto with_pmi = step;
  with_pmi["PMI_RANK"] = "0";
  CHECK(launch_with(with_pmi).rendezvous == Launch::Rendezvous::mpi);
  CHECK(launch_with(with_pmi).tasks == 4);
  const Launch lonely = launch_with(step);
  CHECK(lonely.rendezvous == Launch::Rendezvous::missing);
  CHECK(lonely.tasks == 4);
  CHECK(comm::advice_on_lonely_tasks(lonely).find("srun --mpi=pmix") != std::string::npos);
}

TEST_CASE("one task of a step is alone") {
  CHECK(launch_with({{"SLURM_STEP_ID", "0"}, {"SLURM_STEP_NUM_TASKS", "1"}, {"SLURM_NTASKS", "8"}})
            .rendezvous == Launch::Rendezvous::alone);
  CHECK(launch_with({{"SLURM_STEP_ID", "0"}, {"SLURM_NTASKS", "8"}}).rendezvous ==
        Launch::Rendezvous::missing);
}

TEST_CASE("another launcher with PMI is asked for its number") {
  const Launch launch = launch_with({{"PMI_RANK", "1"}, {"PMI_SIZE", "3"}});
  CHECK(launch.rendezvous == Launch::Rendezvous::mpi);
  CHECK(launch.tasks == 3);
  CHECK_FALSE(launch_with({{"OMPI_COMM_WORLD_SIZE", "many"}}).tasks);
}
