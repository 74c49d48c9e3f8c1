#pragma once

#include "libgpt/comm/communicator.hpp"
#include "libgpt/cost/layout.hpp"

namespace gpt::comm {

// The groups one rank belongs to. Not owned; a group of one is there as well (self).
struct ParallelGroups {
  cost::Layout layout;
  cost::RankPlace place;  // of this rank
  Communicator* world = nullptr;
  Communicator* tensor = nullptr;
  Communicator* data = nullptr;
  Communicator* pipeline = nullptr;   // the stages, first to last
  Communicator* embedding = nullptr;  // first and last stage, which share wte; self on stages between, and
                                      // where there is one stage
};

}  // namespace gpt::comm
