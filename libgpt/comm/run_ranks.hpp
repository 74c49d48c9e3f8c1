#pragma once

#include <functional>
#include <string>

#include "libcommon/cli/exit_code.hpp"
#include "libgpt/comm/world.hpp"

namespace gpt::comm {

// What main of a program that runs on ranks returns: cli::run_main around a body that is given its world.
//   - Under mpirun or srun the world is that of MPI. Processes with RANK, WORLD_SIZE and MASTER_ADDR, and
//     tasks of srun that MPI does not bring together, meet over TCP (LaunchError where they do not).
//     Otherwise the world is this process, and MPI is not touched.
//   - The stop signals go to a thread of their own (cli::take_stop_signals_on_own_thread).
//   - An exception that leaves the body on one rank of several ends all: the message names the rank, the exit
//     code stays what cli::run_main makes of it. What all ranks report alike is said once, by rank 0. Nothing
//     has to be told to the other ranks before a throw. What the others may still be reading is kept until
//     all have ended by World::end_all_on_failure around the work that passes it.
//   - A code that is returned, also 75, must be returned by all ranks: each waits for the others.
// The world ends with the body: groups made from it must not outlive that.
int run_ranks(const std::string& tool, const std::function<cli::ExitCode(World&)>& body);

}  // namespace gpt::comm
