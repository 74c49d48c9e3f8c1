#pragma once

#include "libgpt/comm/parallel_groups.hpp"
#include "libgpt/model/micro_batch.hpp"

namespace gpt::train {

// The loss of all micro batches, from what the ranks with a head have each seen of it; on all ranks.
model::LossSum loss_of_all_ranks(const comm::ParallelGroups& groups, const model::LossSum& own);

}  // namespace gpt::train
