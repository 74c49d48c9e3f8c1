#include "libgpt/train/loss_of_ranks.hpp"

#include <array>
#include <span>

namespace gpt::train {

model::LossSum loss_of_all_ranks(const comm::ParallelGroups& groups, const model::LossSum& own) {
  // Tensor ranks know the same loss.
  std::array<double, 2> sums{};
  if (groups.place.tensor == 0) sums = {own.loss, own.tokens};
  groups.world->all_reduce(std::span<double>(sums));
  return {sums[0], sums[1]};
}

}  // namespace gpt::train
