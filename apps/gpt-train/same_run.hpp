#pragma once

#include "apps/gpt-train/plan.hpp"
#include "libgpt/comm/communicator.hpp"

namespace gpt::train_tool {

// Whether all ranks were given the same options, start from the same, and found the same data: else every
// rank throws comm::RanksDiffer, which names what differs. Collective.
void check_same_options_or_throw(comm::Communicator& world, const Options& options);
void check_same_start_or_throw(comm::Communicator& world, const StartPoint& start);
void check_same_data_or_throw(comm::Communicator& world, const Plan& plan);

}  // namespace gpt::train_tool
