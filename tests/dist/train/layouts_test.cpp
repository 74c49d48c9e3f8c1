#include <doctest/doctest.h>

#include "tests/dist/train/layout_cases.hpp"

using namespace gpt;

TEST_CASE("thirty steps with dropout give the same losses and weights at every layout") {
  const auto config = test::layout_run_config(30);
  const auto expected = test::outcome_alone(config);
  CHECK(expected.losses.back() < expected.losses.front());  // it learns
  for (const auto& what : test::cases_of_this_world()) {
    CAPTURE(what.name);
    const comm::GroupsOfRank ranks(test::world(), what.layout);
    const auto seen = test::train_at(what, ranks.groups(), config);
    CHECK(test::largest_relative_difference(seen.losses, expected.losses) < 1e-5);
    CHECK(test::largest_relative_difference(seen.norms, expected.norms) < 1e-4);
    CHECK(seen.validation_loss == doctest::Approx(expected.validation_loss).epsilon(1e-5));
    CHECK(test::largest_difference(seen.weights, expected.weights) < 1e-4);
  }
}
