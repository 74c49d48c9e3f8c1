#include "libgpt/ops/threads.hpp"

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include <omp.h>
#include <unistd.h>

namespace gpt::ops {

void set_threads(int threads) { omp_set_num_threads(threads); }

namespace {

// Whether the processors this process may use are mostly idle.
bool machine_is_quiet() {
  double load = 0;
  if (getloadavg(&load, 1) != 1) return false;
  return load < 0.5 * static_cast<double>(sysconf(_SC_NPROCESSORS_ONLN));
}

}  // namespace

void restart_with_fitting_waits(char** argv) {
  if (std::getenv("GOMP_SPINCOUNT") != nullptr || std::getenv("OMP_WAIT_POLICY") != nullptr) return;
  // Some 10 microseconds, as long as the gaps between small ops; and some 500.
  setenv("GOMP_SPINCOUNT", machine_is_quiet() ? "50000" : "1000", 1);
  // By its own path: of /proc/self/exe, ps and top would show a program called "exe".
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (!error) execv(program.c_str(), argv);
  // Where that is not possible everything works as well, only slower on a busy machine.
}

}  // namespace gpt::ops
