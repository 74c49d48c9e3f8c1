#include <algorithm>
#include <vector>

#include <doctest/doctest.h>

#include "libgpt/comm/groups_of_rank.hpp"
#include "tests/dist/comm/numbers.hpp"
#include "tests/dist/dist_world.hpp"

using namespace gpt;
using test::world;

namespace {

// The world ranks of a group, in its order.
std::vector<std::int64_t> members_of(comm::Communicator& group) {
  const std::int64_t mine = world().rank();
  std::vector<std::int64_t> members(static_cast<std::size_t>(group.size()));
  group.all_gather(std::span<const std::int64_t>(&mine, 1), std::span(members));
  return members;
}

std::vector<std::int64_t> group_with(const std::vector<std::vector<std::int64_t>>& groups,
                                     std::int64_t rank) {
  for (const auto& group : groups) {
    if (std::find(group.begin(), group.end(), rank) != group.end()) return group;
  }
  return {};
}

std::vector<cost::Layout> layouts_of(std::int64_t ranks) {
  std::vector<cost::Layout> layouts;
  for (std::int64_t tensor = 1; tensor <= ranks; ++tensor) {
    for (std::int64_t pipeline = 1; tensor * pipeline <= ranks; ++pipeline) {
      cost::Layout layout;
      layout.tensor = tensor;
      layout.pipeline = pipeline;
      layout.data = ranks / (tensor * pipeline);
      if (layout.processes() == ranks) layouts.push_back(layout);
    }
  }
  return layouts;
}

}  // namespace

TEST_CASE("the groups of every layout have the ranks that the layout says") {
  const std::int64_t rank = world().rank();
  for (const cost::Layout& layout : layouts_of(world().size())) {
    CAPTURE(layout.tensor);
    CAPTURE(layout.pipeline);
    const comm::GroupsOfRank owner(world(), layout);
    const comm::ParallelGroups& groups = owner.groups();
    const cost::RankGroups expected = cost::rank_groups(layout);
    CHECK(groups.world->size() == world().size());
    CHECK(members_of(*groups.tensor) == group_with(expected.tensor, rank));
    CHECK(members_of(*groups.data) == group_with(expected.data, rank));
    const auto stages = group_with(expected.pipeline, rank);
    CHECK(members_of(*groups.pipeline) == stages);
    CHECK(groups.tensor->rank() == groups.place.tensor);
    CHECK(groups.data->rank() == groups.place.data);
    CHECK(groups.pipeline->rank() == groups.place.pipeline);
    const bool shares_embedding = stages.size() > 1 && (rank == stages.front() || rank == stages.back());
    const auto ends = shares_embedding ? std::vector{stages.front(), stages.back()} : std::vector{rank};
    CHECK(members_of(*groups.embedding) == ends);
    CHECK(groups.embedding->name() == "embedding");
  }
}

TEST_CASE("two groups pass messages at once without taking each other's") {
  for (const cost::Layout& layout : layouts_of(world().size())) {
    const comm::GroupsOfRank owner(world(), layout);
    const comm::ParallelGroups& groups = owner.groups();
    std::vector<std::int64_t> in_tensor(10'000, world().rank());
    std::vector<std::int64_t> in_data(10'000, world().rank());
    comm::Request first = groups.tensor->start_all_reduce(std::span(in_tensor), comm::Reduction::sum);
    comm::Request second = groups.data->start_all_reduce(std::span(in_data), comm::Reduction::sum);
    second.wait();
    first.wait();
    std::int64_t tensor_sum = 0;
    for (const std::int64_t member : members_of(*groups.tensor)) tensor_sum += member;
    std::int64_t data_sum = 0;
    for (const std::int64_t member : members_of(*groups.data)) data_sum += member;
    CHECK(in_tensor == std::vector<std::int64_t>(10'000, tensor_sum));
    CHECK(in_data == std::vector<std::int64_t>(10'000, data_sum));
  }
}

TEST_CASE("a layout for another number of ranks is refused on all of them") {
  cost::Layout layout;
  layout.tensor = world().size() + 1;
  CHECK_THROWS_AS(comm::GroupsOfRank(world(), layout), comm::LayoutError);
}
