#include "apps/gpt-train/rank_threads.hpp"

#include "libgpt/comm/rank_threads.hpp"

namespace gpt::train_tool {

int threads_of_rank(const Options& options, comm::Communicator& world) {
  return options.threads_given ? options.common.threads
                               : comm::threads_of_rank(world, options.common.threads);
}

}  // namespace gpt::train_tool
