#include "libgpt/comm/groups_of_rank.hpp"

#include <string>

#include "libgpt/comm/timed_communicator.hpp"

namespace gpt::comm {
namespace {

std::string divisors_of(std::int64_t number) {
  std::string text;
  for (std::int64_t divisor = 1; divisor <= number; ++divisor) {
    if (number % divisor == 0) text += (text.empty() ? "" : ", ") + std::to_string(divisor);
  }
  return text;
}

void check_size_or_throw(const cost::Layout& layout, std::int64_t ranks) {
  if (layout.processes() == ranks) return;
  throw LayoutError("tensor " + std::to_string(layout.tensor) + " × pipeline " +
                    std::to_string(layout.pipeline) + " × data " + std::to_string(layout.data) +
                    " is a layout for " + std::to_string(layout.processes()) + " ranks, and " +
                    std::to_string(ranks) + " were started");
}

// The embedding group of a rank, if it has one: those with the same tensor and data place at both ends.
std::optional<int> embedding_colour(const cost::Layout& layout, const cost::RankPlace& place, int colour) {
  const bool at_an_end = place.pipeline == 0 || place.pipeline == layout.pipeline - 1;
  return layout.pipeline > 1 && at_an_end ? std::optional(colour) : std::nullopt;
}

}  // namespace

std::int64_t data_parallel_size_or_throw(std::int64_t ranks, std::int64_t tensor, std::int64_t pipeline) {
  const std::int64_t a_replica = tensor * pipeline;
  if (ranks >= a_replica && ranks % a_replica == 0) return ranks / a_replica;
  const std::int64_t below = ranks / a_replica * a_replica;
  throw LayoutError(
      "--tensor-model-parallel-size " + std::to_string(tensor) + " × --pipeline-model-parallel-size " +
      std::to_string(pipeline) + " needs a multiple of " + std::to_string(a_replica) + " ranks, and " +
      std::to_string(ranks) + " were started: start " + (below > 0 ? std::to_string(below) + " or " : "") +
      std::to_string(below + a_replica) + ", or choose sizes whose product is one of " + divisors_of(ranks));
}

GroupsOfRank::GroupsOfRank(World& world, const cost::Layout& layout, CollectiveSink* sink) {
  check_size_or_throw(layout, world.size());
  const cost::RankPlace place = cost::rank_place(layout, world.rank());
  const auto tensor = static_cast<int>(place.tensor);
  const auto data = static_cast<int>(place.data);
  const auto stage = static_cast<int>(place.pipeline);
  const auto tensor_size = static_cast<int>(layout.tensor);
  const auto data_size = static_cast<int>(layout.data);
  const int column = data * tensor_size + tensor;  // which pipeline

  groups_.layout = layout;
  groups_.place = place;
  groups_.world = timed(world.communicator(), sink);
  groups_.tensor = own(world.split_or_throw("tensor", stage * data_size + data, tensor), sink);
  groups_.data = own(world.split_or_throw("data", stage * tensor_size + tensor, data), sink);
  groups_.pipeline = own(world.split_or_throw("pipeline", column, stage), sink);
  groups_.embedding =
      own(world.split_or_throw("embedding", embedding_colour(layout, place, column), stage), sink);
}

Communicator* GroupsOfRank::own(std::unique_ptr<Communicator> group, CollectiveSink* sink) {
  owned_.push_back(std::move(group));
  return timed(*owned_.back(), sink);
}

Communicator* GroupsOfRank::timed(Communicator& group, CollectiveSink* sink) {
  if (!sink || group.size() == 1) return &group;
  owned_.push_back(std::make_unique<TimedCommunicator>(group, *sink));
  return owned_.back().get();
}

}  // namespace gpt::comm
