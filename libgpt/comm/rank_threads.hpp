#pragma once

#include "libgpt/comm/communicator.hpp"

namespace gpt::comm {

// How many of the `threads` that this process would run by itself are its share, where other ranks may run on
// the same processors of the same machine: at least one. Collective.
int threads_of_rank(Communicator& world, int threads);

}  // namespace gpt::comm
