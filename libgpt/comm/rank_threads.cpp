#include "libgpt/comm/rank_threads.hpp"

#include <algorithm>
#include <array>
#include <string>

#include <sched.h>
#include <unistd.h>

#include "libgpt/comm/byte_strings.hpp"

namespace gpt::comm {
namespace {

// The machine and the processors on it that this process may run on.
std::string own_processors() {
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  std::string text = host.data();
  cpu_set_t mask;
  CPU_ZERO(&mask);
  sched_getaffinity(0, sizeof mask, &mask);
  for (int i = 0; i < CPU_SETSIZE; ++i) {
    if (CPU_ISSET(static_cast<std::size_t>(i), &mask)) text += " " + std::to_string(i);
  }
  return text;
}

}  // namespace

int threads_of_rank(Communicator& world, int threads) {
  if (world.size() == 1) return threads;
  const std::string own = own_processors();
  const auto all = all_gather_strings(world, own);
  const auto sharing = static_cast<int>(std::count(all.begin(), all.end(), own));
  return std::max(1, threads / sharing);
}

}  // namespace gpt::comm
