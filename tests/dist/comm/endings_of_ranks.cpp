// Run by endings.sh: ranks that end in the ways in which a tool's ranks can.
//   endings_of_ranks ENDING [RANK]     RANK: whom it befalls; default: all
#include <chrono>
#include <csignal>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "libcommon/cli/errors.hpp"
#include "libcommon/cli/stop_signals.hpp"
#include "libgpt/comm/run_ranks.hpp"

using namespace gpt;

namespace {

void end_badly(const std::string& ending) {
  if (ending == "fail") throw std::runtime_error("data.bin: ends early");
  if (ending == "usage") throw cli::UsageError("--seed: expects a number");
  if (ending == "memory") throw std::bad_alloc();
  if (ending == "stopped") throw cli::StoppedOnRequest();
  if (ending == "killed") std::raise(SIGKILL);
}

// Until every rank has been asked to stop, as a training loop votes on it each step.
cli::ExitCode wait_for_stop(comm::Communicator& world) {
  if (world.rank() == 0) {
    std::puts("ready");
    std::fflush(stdout);
  }
  while (world.all_reduced<std::int32_t>(cli::stop_requested() ? 1 : 0, comm::Reduction::max) == 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  return cli::ExitCode::stopped;
}

}  // namespace

int main(int argc, char** argv) {
  return comm::run_ranks("endings", [&](comm::World& world) {
    const std::string ending = argv[1];
    const int whom = argc > 2 ? std::stoi(argv[2]) : -1;
    comm::Communicator& group = world.communicator();
    if (ending == "size") {
      if (group.rank() == 0) std::printf("%d\n", group.size());
      return cli::ExitCode::done;
    }
    if (ending == "help") throw cli::InformationRequested("what help says\n");
    if (ending == "stop-vote") return wait_for_stop(group);
    // a message is under way, and a group is there, when it happens
    const auto half = world.split_or_throw("half", group.rank() % 2, group.rank());
    std::vector<float> values(500'000, 1.0F);
    const comm::Request pending = group.start_all_reduce(std::span(values), comm::Reduction::sum);
    if (whom < 0 || whom == group.rank()) end_badly(ending);
    group.barrier();  // the others wait here
    return cli::ExitCode::done;
  });
}
