#include "libgpt/train/log_line.hpp"

#include <doctest/doctest.h>

using namespace gpt::train;

TEST_CASE("the log line is Megatron's, with speed and time left behind it") {
  LogInterval interval;
  interval.add({99, 6336, 65536, 6.25, 2.0, 1.4e-4, 1.0});
  interval.add({100, 6400, 65536, 6.00, 1.2345, 1.5e-4, 3.0});
  CHECK(interval.line(1000, 64) ==
        " iteration      100/    1000 | consumed samples:         6400 | elapsed time per iteration (ms): "
        "2000.0 | "
        "learning rate: 1.500E-04 | global batch size:    64 | lm loss: 6.125000E+00 | loss scale: 1.0 | "
        "grad norm: 1.234 | number of skipped iterations:   0 | number of nan iterations:   0 | "
        "tokens per second: 32768.0 | time left: 0:30:00 |");
  interval.clear();
  CHECK(interval.empty());
}

TEST_CASE("an evaluation is told between rules") {
  const std::string text = evaluation_text({EvaluationKind::interval, 1000, 64000, 2.0, 1.0});
  CHECK(text.find("\n validation loss at iteration 1000 | lm loss value: 2.000000E+00 | lm loss PPL: "
                  "7.389056E+00 |\n") != std::string::npos);
}
