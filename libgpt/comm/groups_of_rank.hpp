#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <vector>

#include "libgpt/comm/collective_sink.hpp"
#include "libgpt/comm/parallel_groups.hpp"
#include "libgpt/comm/world.hpp"

namespace gpt::comm {

// The layout does not fit the number of ranks.
class LayoutError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The groups of this rank in a layout. Made by all ranks of the world at once; must not outlive it. With a
// sink every message of the groups (also of `world`) is timed and reported.
class GroupsOfRank {
 public:
  // Throws LayoutError where the layout is not for as many ranks as the world has.
  GroupsOfRank(World& world, const cost::Layout& layout, CollectiveSink* sink = nullptr);

  const ParallelGroups& groups() const { return groups_; }

 private:
  Communicator* own(std::unique_ptr<Communicator> group, CollectiveSink* sink);
  Communicator* timed(Communicator& group, CollectiveSink* sink);

  std::vector<std::unique_ptr<Communicator>> owned_;
  ParallelGroups groups_;
};

}  // namespace gpt::comm
