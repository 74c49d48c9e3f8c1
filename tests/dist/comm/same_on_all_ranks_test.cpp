#include "libgpt/comm/same_on_all_ranks.hpp"

#include <string>

#include <doctest/doctest.h>

#include "tests/dist/dist_world.hpp"

using namespace gpt;
using test::world;

namespace {

std::string difference(const std::string& text) {
  try {
    comm::check_same_on_all_ranks_or_throw(world().communicator(), "the options", text);
  } catch (const comm::RanksDiffer& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("the same on all ranks passes") { CHECK(difference("--seed 1\n--lr 0.1\n") == ""); }

TEST_CASE("every rank is told who differs, and by what") {
  if (world().size() == 1) return;
  const int last = world().size() - 1;
  const bool odd_one = world().rank() == last;
  const std::string rank = "rank " + std::to_string(last);
  const std::string prefix = "the options differ between ranks: " + rank + " has ";
  const std::string advice = "; start all ranks with the same";
  CHECK(difference(odd_one ? "--lr 0.1\n--seed 5\n--x 2" : "--lr 0.1\n--seed 1\n--x 3") ==
        prefix + "--seed 5 where rank 0 has --seed 1" + advice);
  CHECK(difference(odd_one ? "--lr 0.1" : "--lr 0.1\n--seed 1\n") ==
        prefix + "nothing where rank 0 has --seed 1" + advice);
  CHECK(difference(odd_one ? "--lr 0.1\n--seed 1\n" : "--lr 0.1\n") ==
        prefix + "--seed 1 where rank 0 has nothing" + advice);
}
