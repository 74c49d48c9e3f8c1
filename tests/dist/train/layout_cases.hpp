#pragma once

#include <vector>

#include "libgpt/comm/groups_of_rank.hpp"
#include "tests/dist/dist_world.hpp"
#include "tests/support/layout_training.hpp"

namespace gpt::test {

enum class Rows { whole, split };
enum class States { whole, sharded };
enum class Again { nothing, selective, uniform, block };

inline LayoutCase layout_case(std::int64_t tensor, std::int64_t pipeline, std::int64_t data,
                              std::int64_t virtual_stages, Rows rows, States states, Again again) {
  using Method = model::RecomputeConfig::Method;
  LayoutCase what;
  what.layout.tensor = tensor;
  what.layout.pipeline = pipeline;
  what.layout.data = data;
  what.layout.virtual_stages = virtual_stages;
  if (rows == Rows::split) what.layout.sequence = cost::Sequence::parallel;
  if (states == States::sharded) what.layout.optimizer = cost::OptimizerStates::sharded;
  if (again == Again::selective) what.recompute.granularity = cost::Recompute::selective;
  if (again == Again::uniform) what.recompute = {cost::Recompute::full, Method::uniform, 2};
  if (again == Again::block) what.recompute = {cost::Recompute::full, Method::block, 1};
  const char* names[] = {"", ", selective", ", uniform", ", block"};
  what.name = "tensor " + std::to_string(tensor) + ", pipeline " + std::to_string(pipeline) + ", data " +
              std::to_string(data) + ", chunks " + std::to_string(virtual_stages) +
              (rows == Rows::split ? ", sequence parallel" : "") +
              (states == States::sharded ? ", sharded" : "") + names[static_cast<int>(again)];
  return what;
}

// 30 cases: of any two of tensor, pipeline, data, chunks, sequence parallelism, sharding and recomputation,
// all combinations that there can be on 8 ranks are in one of them.
inline const std::vector<LayoutCase>& layout_cases() {
  using enum Again;
  const auto of = layout_case;
  static const std::vector<LayoutCase> cases = {
      // one rank
      of(1, 1, 1, 1, Rows::whole, States::whole, selective),
      of(1, 1, 1, 1, Rows::whole, States::sharded, uniform),
      of(1, 1, 1, 1, Rows::whole, States::whole, block),
      // two
      of(2, 1, 1, 1, Rows::whole, States::whole, nothing),
      of(2, 1, 1, 1, Rows::split, States::sharded, selective),
      of(2, 1, 1, 1, Rows::split, States::whole, uniform),
      of(1, 2, 1, 1, Rows::whole, States::whole, nothing),
      of(1, 2, 1, 2, Rows::whole, States::sharded, block),
      of(1, 2, 1, 4, Rows::whole, States::whole, selective),
      of(1, 1, 2, 1, Rows::whole, States::whole, uniform),
      of(1, 1, 2, 1, Rows::whole, States::sharded, nothing),
      // four
      of(4, 1, 1, 1, Rows::split, States::whole, block),
      of(4, 1, 1, 1, Rows::whole, States::sharded, uniform),
      of(1, 4, 1, 1, Rows::whole, States::sharded, selective),
      of(1, 4, 1, 2, Rows::whole, States::whole, nothing),
      of(1, 1, 4, 1, Rows::whole, States::sharded, block),
      of(2, 2, 1, 1, Rows::split, States::whole, nothing),
      of(2, 2, 1, 2, Rows::whole, States::whole, uniform),
      of(2, 1, 2, 1, Rows::split, States::sharded, nothing),
      of(2, 1, 2, 1, Rows::whole, States::whole, block),
      of(1, 2, 2, 1, Rows::whole, States::sharded, uniform),
      of(1, 2, 2, 2, Rows::whole, States::sharded, nothing),
      // eight
      of(8, 1, 1, 1, Rows::split, States::whole, selective),
      of(1, 8, 1, 1, Rows::whole, States::whole, block),
      of(1, 1, 8, 1, Rows::whole, States::sharded, selective),
      of(2, 2, 2, 2, Rows::split, States::sharded, block),
      of(2, 2, 2, 1, Rows::whole, States::whole, selective),
      of(4, 2, 1, 2, Rows::split, States::sharded, selective),
      of(2, 4, 1, 2, Rows::split, States::whole, nothing),
      of(1, 2, 4, 4, Rows::whole, States::sharded, uniform),
      of(4, 1, 2, 1, Rows::split, States::sharded, uniform),
      of(2, 1, 4, 1, Rows::whole, States::sharded, selective),
  };
  return cases;
}

// Those for as many ranks as there are.
inline std::vector<LayoutCase> cases_of_this_world() {
  std::vector<LayoutCase> cases;
  for (const LayoutCase& what : layout_cases()) {
    if (what.layout.processes() == world().size()) cases.push_back(what);
  }
  return cases;
}

// The same run on one rank; every rank makes it by itself.
inline LayoutOutcome outcome_alone(const train::TrainConfig& config, const RunFolders& folders = {}) {
  comm::SelfWorld alone;
  const comm::GroupsOfRank ranks(alone, {});
  return train_at({}, ranks.groups(), config, folders);
}

}  // namespace gpt::test
