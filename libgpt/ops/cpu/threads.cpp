#include "libgpt/ops/threads.hpp"

#include <omp.h>

namespace gpt::ops {

void set_threads(int threads) { omp_set_num_threads(threads); }

}  // namespace gpt::ops
