// Seconds and bandwidth of the collectives that training is made of, by size. Bandwidth is bytes of the whole
// buffer by seconds; beside it, in the same run, what MPI's own calls make of it, and copying the same bytes
// in one rank's memory.
//   mpirun --bind-to none -n 2 bench_collectives
//   sh tests/dist/tcp_ranks.sh 2 bench_collectives        the same over TCP, without MPI's calls
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <functional>
#include <vector>

#include <mpi.h>

#include "libgpt/comm/run_ranks.hpp"

using namespace gpt;

namespace {

using Clock = std::chrono::steady_clock;

// The median of rounds that all ranks start together.
double seconds_of(comm::Communicator& group, int rounds, const std::function<void()>& body) {
  std::vector<double> times;
  for (int round = 0; round <= rounds; ++round) {
    group.barrier();
    const Clock::time_point start = Clock::now();
    body();
    const double mine = std::chrono::duration<double>(Clock::now() - start).count();
    const double slowest = group.all_reduced(mine, comm::Reduction::max);
    if (round > 0) times.push_back(slowest);
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

void print_row(comm::Communicator& group, const char* name, std::size_t bytes, double seconds) {
  if (group.rank() == 0)
    std::printf("%-18s %12zu bytes %10.1f us %8.2f GB/s\n", name, bytes, seconds * 1e6,
                static_cast<double>(bytes) / seconds / 1e9);
}

bool is_over_mpi() {
  int initialised = 0;
  MPI_Initialized(&initialised);
  return initialised != 0;
}

template <class Row>
void measure_mpi(const Row& row, std::vector<float>& whole, std::vector<float>& copy, int count_of_shard) {
  const auto count = static_cast<int>(whole.size());
  row("MPI_Allreduce",
      [&] { MPI_Allreduce(MPI_IN_PLACE, whole.data(), count, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD); });
  row("MPI_Iallreduce", [&] {
    MPI_Request request = MPI_REQUEST_NULL;
    MPI_Iallreduce(MPI_IN_PLACE, whole.data(), count, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD, &request);
    MPI_Wait(&request, MPI_STATUS_IGNORE);
  });
  row("MPI_Reduce_scatter", [&] {
    MPI_Reduce_scatter_block(whole.data(), copy.data(), count_of_shard, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
  });
}

void measure(comm::Communicator& group, std::size_t shard_count) {
  const auto ranks = static_cast<std::size_t>(group.size());
  const auto rank = static_cast<std::size_t>(group.rank());
  std::vector<float> whole(shard_count * ranks);
  std::vector<float> copy(whole.size());
  const std::span<float> shard = std::span(whole).subspan(rank * shard_count, shard_count);
  const auto count_of_shard = static_cast<int>(shard_count);
  const std::size_t bytes = whole.size() * sizeof(float);
  const int rounds = bytes > (std::size_t{32} << 20) ? 5 : 21;
  const auto row = [&](const char* name, const std::function<void()>& body) {
    print_row(group, name, bytes, seconds_of(group, rounds, body));
  };
  row("copy", [&] { std::memcpy(copy.data(), whole.data(), bytes); });
  row("all-reduce", [&] { group.all_reduce(std::span(whole)); });
  if (is_over_mpi()) measure_mpi(row, whole, copy, count_of_shard);
  row("reduce-scatter", [&] { group.reduce_scatter(std::span<const float>(whole), shard); });
  row("all-gather", [&] { group.all_gather(std::span<const float>(shard), std::span(whole)); });
  if (ranks < 2) return;
  row("to the next", [&] {
    const int next = static_cast<int>((rank + 1) % ranks);
    const int previous = static_cast<int>((rank + ranks - 1) % ranks);
    comm::Request send = group.start_send(std::span<const float>(whole), next, 0);
    group.receive(std::span(copy), previous, 0);
    send.wait();
  });
}

}  // namespace

int main() {
  return comm::run_ranks("bench_collectives", [](comm::World& world) {
    for (const std::size_t shard_count : {32, 8'192, 131'072, 2'097'152, 15'500'000})
      measure(world.communicator(), shard_count);
    return cli::ExitCode::done;
  });
}
