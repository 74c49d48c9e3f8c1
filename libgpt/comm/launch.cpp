#include "libgpt/comm/launch.hpp"

#include <charconv>
#include <string_view>

namespace gpt::comm {
namespace {

std::optional<int> number(const Environment& environment, const char* name) {
  const char* text = environment(name);
  if (!text) return std::nullopt;
  const std::string_view digits(text);
  int value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

// A batch script has SLURM_NTASKS as well, but is no step: only srun's tasks have SLURM_STEP_ID.
std::optional<int> tasks_of_slurm_step(const Environment& environment) {
  if (!environment("SLURM_STEP_ID")) return std::nullopt;
  const auto tasks = number(environment, "SLURM_STEP_NUM_TASKS");
  return tasks ? tasks : number(environment, "SLURM_NTASKS");
}

}  // namespace

Launch detect_launch(const Environment& environment) {
  using Rendezvous = Launch::Rendezvous;
  // Open MPI's mpirun comes first: inside a Slurm allocation its ranks also see the step of its daemons.
  if (environment("OMPI_COMM_WORLD_SIZE"))
    return {Rendezvous::mpi, "mpirun", number(environment, "OMPI_COMM_WORLD_SIZE")};
  const auto step_tasks = tasks_of_slurm_step(environment);
  if (environment("PMIX_RANK")) return {Rendezvous::mpi, step_tasks ? "srun" : "PMIx", step_tasks};
  if (environment("PMI_RANK") || environment("PMI_SIZE")) {
    const auto tasks = number(environment, "PMI_SIZE");
    return {Rendezvous::mpi, step_tasks ? "srun" : "PMI", tasks ? tasks : step_tasks};
  }
  if (step_tasks && *step_tasks > 1) return {Rendezvous::missing, "srun", step_tasks};
  return {};
}

std::string advice_on_lonely_tasks(const Launch& launch) {
  if (launch.launcher != "srun") {
    return "start the ranks with the mpirun of the MPI this program is linked to (ldd names it), or, under "
           "Slurm, "
           "with srun --mpi=pmix";
  }
  return "start it with srun --mpi=pmix (srun --mpi=list names what this Slurm offers), or with mpirun "
         "inside the "
         "allocation; for one rank, with srun --ntasks=1";
}

}  // namespace gpt::comm
