#include "libgpt/comm/groups_of_rank.hpp"

#include <string>

#include "libgpt/comm/timed_communicator.hpp"

namespace gpt::comm {
namespace {

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
  groups_.pipeline = own(world.split_for_messages_or_throw("pipeline", column, stage), sink);
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
