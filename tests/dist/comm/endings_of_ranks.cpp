// Run by endings.sh: ranks that end in the ways in which a tool's ranks can.
//   endings_of_ranks ENDING [RANK]     RANK: whom it befalls; default: all
#include <chrono>
#include <csignal>
#include <cstdio>
#include <random>
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

// Fails on one rank at any moment of the reduction of large buckets and of messages to neighbours, while the
// others take part of both.
void fail_under_way(comm::World& world, int whom) {
  constexpr std::size_t kBucket = std::size_t{4} << 20;  // 16 MB
  comm::Communicator& group = world.communicator();
  std::vector<std::vector<float>> buckets(3, std::vector<float>(kBucket, 1.0F));
  std::vector<float> sent(kBucket, 1.0F), received(kBucket);
  world.end_all_on_failure([&] {
    std::mt19937 random(std::random_device{}());
    for (int round = 0;; ++round) {
      std::vector<comm::Request> requests;
      for (auto& bucket : buckets)
        requests.push_back(group.start_all_reduce(std::span(bucket), comm::Reduction::max));
      const int next = (group.rank() + 1) % group.size(),
                previous = (group.rank() + group.size() - 1) % group.size();
      requests.push_back(group.start_receive(std::span(received), previous, 0));
      requests.push_back(group.start_send(std::span<const float>(sent), next, 0));
      if (group.rank() == whom && round == 2) {
        const auto moves = std::uniform_int_distribution<int>(0, 40)(random);
        for (int i = 0; i < moves; ++i) requests[static_cast<std::size_t>(i) % requests.size()].test();
        throw std::runtime_error("data.bin: ends early");
      }
      for (auto& request : requests) request.wait();
    }
  });
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
    if (ending == "under-way") fail_under_way(world, whom);
    // a message is under way, and a group is there, when it happens
    const auto half = world.split_or_throw("half", group.rank() % 2, group.rank());
    std::vector<float> values(500'000, 1.0F);
    const comm::Request pending = group.start_all_reduce(std::span(values), comm::Reduction::sum);
    if (whom < 0 || whom == group.rank()) end_badly(ending);
    group.barrier();  // the others wait here
    return cli::ExitCode::done;
  });
}
