#include "libgpt/train/log_line.hpp"

#include <cmath>

#include <doctest/doctest.h>

using namespace gpt::train;

TEST_CASE("the log line is Megatron's, with speed and time left behind it") {
  LogInterval interval;
  interval.add({99, 6336, 65536, 6.25, 2.0, 1.4e-4, 1.0, 64});
  interval.add({100, 6400, 65536, 6.00, 1.2345, 1.5e-4, 3.0, 64});
  const LogContext context{.train_iterations = 1000, .token_flops = 1e9, .ranks = 4, .peak_flops = 16.384e12};
  CHECK(
      interval.line(context) ==
      " iteration      100/    1000 | consumed samples:         6400 | elapsed time per iteration (ms): "
      "2000.0 | "
      "learning rate: 1.500E-04 | global batch size:    64 | lm loss: 6.125000E+00 | loss scale: 1.0 | "
      "grad norm: 1.234 | number of skipped iterations:   0 | number of nan iterations:   0 | "
      "tokens per second: 32768.0 | TFLOP/s per rank: 8.192 | share of peak: 50.0 % | time left: 0:30:00 |");
  interval.clear();
  CHECK(interval.empty());
}

TEST_CASE("skipped steps and losses that are no numbers are counted, and leave the mean") {
  LogInterval interval;
  interval.add({1, 8, 128, 5.0, 1.0, 0, 1.0, 8, 65536});
  interval.add({2, 16, 128, std::nan(""), 0.0, 0, 1.0, 8, 65536, true});
  interval.add({3, 24, 128, 4.0, 1.0, 0, 1.0, 8, 32768});
  const std::string line = interval.line({.train_iterations = 3});
  CHECK(line.find("lm loss: 4.500000E+00 | loss scale: 32768.0 |") != std::string::npos);
  CHECK(line.find("skipped iterations:   1 | number of nan iterations:   1 |") != std::string::npos);
  CHECK(line.find("share of peak") == std::string::npos);
}

TEST_CASE("an evaluation is told between rules") {
  const std::string text = evaluation_text({EvaluationKind::interval, 1000, 64000, 2.0, 1.0});
  CHECK(text.find("\n validation loss at iteration 1000 | lm loss value: 2.000000E+00 | lm loss PPL: "
                  "7.389056E+00 |\n") != std::string::npos);
}
