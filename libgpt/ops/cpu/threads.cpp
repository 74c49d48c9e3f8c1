#include "libgpt/ops/threads.hpp"

#include <cstdlib>

#include <omp.h>
#include <unistd.h>

namespace gpt::ops {

void set_threads(int threads) { omp_set_num_threads(threads); }

void restart_with_short_waits(char** argv) {
  if (std::getenv("GOMP_SPINCOUNT") != nullptr || std::getenv("OMP_WAIT_POLICY") != nullptr) return;
  setenv("GOMP_SPINCOUNT", "1000", 1);  // some 10 microseconds: as long as the gaps between small ops
  execv("/proc/self/exe", argv);
  // Where that is not possible everything works as well, only slower on a busy machine.
}

}  // namespace gpt::ops
