#include "libgpt/optim/learning_rate.hpp"

#include <doctest/doctest.h>

#include "libgpt/optim/clipping.hpp"

using gpt::optim::clip_factor;
using gpt::optim::DecayStyle;
using gpt::optim::LearningRateSchedule;

TEST_CASE("the learning rate rises over the warm-up and falls to the minimum") {
  LearningRateSchedule schedule{1.0, 0.1, DecayStyle::linear, 100, 1100};
  CHECK(schedule.at(0) == 0.0);
  CHECK(schedule.at(50) == doctest::Approx(0.5));
  CHECK(schedule.at(100) == doctest::Approx(1.0));
  CHECK(schedule.at(600) == doctest::Approx(0.55));
  CHECK(schedule.at(1100) == doctest::Approx(0.1));
  CHECK(schedule.at(5000) == 0.1);

  schedule.style = DecayStyle::cosine;
  CHECK(schedule.at(100) == doctest::Approx(1.0));
  CHECK(schedule.at(350) == doctest::Approx(0.1 + 0.9 * 0.8535533906));
  CHECK(schedule.at(600) == doctest::Approx(0.55));
  CHECK(schedule.at(1100) == doctest::Approx(0.1));

  schedule.style = DecayStyle::constant;
  CHECK(schedule.at(99) == doctest::Approx(0.99));
  CHECK(schedule.at(101) == 1.0);
  CHECK(schedule.at(5000) == 1.0);
}

TEST_CASE("without warm-up the first update has the full rate") {
  const LearningRateSchedule schedule{2.0, 0, DecayStyle::linear, 0, 10};
  CHECK(schedule.at(0) == 2.0);
  CHECK(schedule.at(5) == 1.0);
}

TEST_CASE("gradients are clipped only where their norm is above the limit") {
  CHECK(clip_factor(0.5, 1) == 1.0);
  CHECK(clip_factor(4, 1) == doctest::Approx(0.25).epsilon(1e-6));
  CHECK(clip_factor(4, 0) == 1.0);
}
