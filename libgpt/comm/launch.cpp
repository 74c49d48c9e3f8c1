#include "libgpt/comm/launch.hpp"

#include "libgpt/comm/launch_variables.hpp"

namespace gpt::comm {
namespace {

Launch launch_of_or_throw(const LaunchVariables& variables) {
  using Rendezvous = Launch::Rendezvous;
  // What is said in so many words comes first: a launcher of such ranks may itself be a task of another.
  if (auto meeting = meeting_by_rank_variables_or_throw(variables)) {
    if (meeting->size == 1) return {};
    return {Rendezvous::tcp, "RANK and WORLD_SIZE", meeting->size, meeting};
  }
  // Open MPI's mpirun before Slurm: inside an allocation its ranks also see the step of its daemons.
  if (variables.has("OMPI_COMM_WORLD_SIZE"))
    return {Rendezvous::mpi, "mpirun", variables.number("OMPI_COMM_WORLD_SIZE"), std::nullopt};
  const auto step_tasks = tasks_of_slurm_step(variables);
  const auto meeting = meeting_by_slurm_or_throw(variables);
  if (variables.has("PMIX_RANK")) return {Rendezvous::mpi, step_tasks ? "srun" : "PMIx", step_tasks, meeting};
  if (variables.has("PMI_RANK") || variables.has("PMI_SIZE")) {
    const auto tasks = variables.number("PMI_SIZE");
    return {Rendezvous::mpi, step_tasks ? "srun" : "PMI", tasks ? tasks : step_tasks, meeting};
  }
  if (meeting) return {Rendezvous::tcp, "srun", step_tasks, meeting};
  if (step_tasks && *step_tasks > 1) {
    throw LaunchError("this is one of " + std::to_string(*step_tasks) +
                      " tasks of a Slurm step, but SLURM_PROCID or SLURM_STEP_NODELIST, by which they would "
                      "find each other, is not set: start them with srun");
  }
  return {};
}

}  // namespace

Launch detect_launch_or_throw(const Environment& environment) {
  const LaunchVariables variables(environment);
  Launch launch = launch_of_or_throw(variables);
  launch.time_limit = message_time_limit_or_throw(variables);
  return launch;
}

std::string advice_on_lonely_tasks(const Launch& launch) {
  if (launch.launcher != "srun") {
    return "start the ranks with the mpirun of the MPI this program is linked to (ldd names it), under Slurm "
           "with srun, or one by one with RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT set, which needs no "
           "MPI";
  }
  return "start it with srun --mpi=pmix (srun --mpi=list names what this Slurm offers) or srun --mpi=none, "
         "or "
         "with mpirun inside the allocation; for one rank, with srun --ntasks=1";
}

}  // namespace gpt::comm
