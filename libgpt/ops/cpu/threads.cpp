#include "libgpt/ops/threads.hpp"

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include <omp.h>
#include <unistd.h>

namespace gpt::ops {

void set_threads(int threads) { omp_set_num_threads(threads); }

void restart_with_short_waits(char** argv) {
  if (std::getenv("GOMP_SPINCOUNT") != nullptr || std::getenv("OMP_WAIT_POLICY") != nullptr) return;
  setenv("GOMP_SPINCOUNT", "1000", 1);  // some 10 microseconds: as long as the gaps between small ops
  // By its own path: of /proc/self/exe, ps and top would show a program called "exe".
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (!error) execv(program.c_str(), argv);
  // Where that is not possible everything works as well, only slower on a busy machine.
}

}  // namespace gpt::ops
