#include "libgpt/optim/loss_scaler.hpp"

#include <doctest/doctest.h>

using gpt::optim::LossScaler;
using gpt::optim::LossScalerConfig;

TEST_CASE("the loss scale doubles after a window of good steps") {
  LossScaler scaler(LossScalerConfig{});
  CHECK(scaler.scale() == 4294967296.0);
  for (int i = 0; i < 999; ++i) scaler.step_was_good();
  CHECK(scaler.scale() == 4294967296.0);
  scaler.step_was_good();
  CHECK(scaler.scale() == 2 * 4294967296.0);
  CHECK(scaler.state().good_steps == 0);
}

TEST_CASE("overflows use up the hysteresis before the scale halves, and go on halving it") {
  LossScaler scaler({1024, 1, 10, 2});
  scaler.step_overflowed();
  CHECK(scaler.scale() == 1024);
  scaler.step_overflowed();
  CHECK(scaler.scale() == 512);
  scaler.step_overflowed();
  CHECK(scaler.scale() == 256);
}

TEST_CASE("good steps do not give hysteresis back until the scale doubles") {
  LossScaler scaler({1024, 1, 10, 2});
  scaler.step_overflowed();
  for (int i = 0; i < 9; ++i) scaler.step_was_good();
  scaler.step_overflowed();
  CHECK(scaler.scale() == 512);
  // The overflow began the window anew.
  for (int i = 0; i < 9; ++i) scaler.step_was_good();
  CHECK(scaler.scale() == 512);
  scaler.step_was_good();
  CHECK(scaler.scale() == 1024);
  scaler.step_overflowed();
  CHECK(scaler.scale() == 1024);  // borne again
}

TEST_CASE("the loss scale does not fall below its minimum") {
  LossScaler scaler({4, 1.5, 10, 1});
  for (int i = 0; i < 5; ++i) scaler.step_overflowed();
  CHECK(scaler.scale() == 1.5);
}

TEST_CASE("a restored loss scaler goes on as if it had not been stopped") {
  LossScaler straight({1024, 1, 7, 2}), first({1024, 1, 7, 2}), second({1, 1, 7, 2});
  const auto step = [](LossScaler& scaler, int i) {
    if (i % 5 == 3) {
      scaler.step_overflowed();
    } else {
      scaler.step_was_good();
    }
  };
  for (int i = 0; i < 40; ++i) step(straight, i);
  for (int i = 0; i < 17; ++i) step(first, i);
  second.restore(first.state());
  for (int i = 17; i < 40; ++i) step(second, i);
  CHECK(second.state() == straight.state());
}

TEST_CASE("a fixed scale neither moves nor follows a checkpoint") {
  gpt::optim::LossScalerConfig config;
  config.initial = 512;
  config.window = 1;
  config.hysteresis = 1;
  config.kind = gpt::optim::LossScalerConfig::Kind::fixed;
  gpt::optim::LossScaler scaler(config);
  scaler.step_was_good();
  scaler.step_overflowed();
  scaler.restore({64, 3, 1});
  CHECK(scaler.scale() == 512);
}
