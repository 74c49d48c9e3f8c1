#include <algorithm>

#include <doctest/doctest.h>

#include "tests/dist/checkpoint/shared_folder.hpp"
#include "tests/dist/train/layout_cases.hpp"

using namespace gpt;
using test::Again;
using test::Rows;
using test::States;

namespace {

// Two layouts for as many ranks as there are.
std::pair<test::LayoutCase, test::LayoutCase> two_layouts(int ranks) {
  const auto of = test::layout_case;
  if (ranks == 2) {
    return {of(2, 1, 1, 1, Rows::split, States::whole, Again::nothing),
            of(1, 2, 1, 2, Rows::whole, States::whole, Again::uniform)};
  }
  if (ranks == 4) {
    return {of(2, 1, 2, 1, Rows::whole, States::sharded, Again::nothing),
            of(1, 2, 2, 1, Rows::whole, States::whole, Again::selective)};
  }
  if (ranks == 8) {
    return {of(2, 2, 2, 2, Rows::split, States::sharded, Again::nothing),
            of(4, 1, 2, 1, Rows::whole, States::sharded, Again::nothing)};
  }
  return {of(1, 1, 1, 1, Rows::whole, States::whole, Again::nothing),
          of(1, 1, 1, 1, Rows::whole, States::whole, Again::block)};
}

}  // namespace

TEST_CASE("a stopped run goes on bit for bit at its layout, and to rounding at others and on one rank") {
  if (test::world().size() == 3) return;  // the model cannot be cut in three
  const auto config = test::layout_run_config(8);
  const auto [here, there] = two_layouts(test::world().size());
  const comm::GroupsOfRank ranks(test::world(), here.layout), others(test::world(), there.layout);
  const test::SharedFolder folder;
  const auto straight = test::train_at(here, ranks.groups(), config);
  const auto stopped = test::train_at(here, ranks.groups(), config, {"", folder.path()}, 3);
  CHECK(stopped.losses.size() == 3);
  const test::RunFolders from = {folder.path(), ""};
  const auto same = test::train_at(here, ranks.groups(), config, from);
  CHECK(same.losses == std::vector<double>(straight.losses.begin() + 3, straight.losses.end()));
  CHECK(same.weights == straight.weights);
  for (const auto& other :
       {test::train_at(there, others.groups(), config, from), test::outcome_alone(config, from)}) {
    CHECK(test::largest_relative_difference(other.losses, same.losses) < 1e-5);
    CHECK(test::largest_difference(other.weights, same.weights) < 1e-4);
  }
}
