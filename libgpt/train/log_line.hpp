#pragma once

#include <cstdint>
#include <string>

#include "libgpt/train/observer.hpp"

namespace gpt::train {

// What a log line tells beside the steps themselves.
struct LogContext {
  std::int64_t train_iterations = 0;
  double token_flops =
      0;  // of the model a token, forward and backward; what is computed again does not count
  std::int64_t ranks = 1;
  double peak_flops = 0;  // that a rank could reach a second
};

// The means and ends of the steps between two log lines.
class LogInterval {
 public:
  void add(const StepMetrics& metrics);
  bool empty() const { return steps_ == 0; }
  void clear() { *this = {}; }

  // Megatron's line, and behind it the speed and the time left:
  //  iteration 100/ 1000 | consumed samples: 6400 | elapsed time per iteration (ms): 234.5 | learning rate:
  //  1.500E-04 | global batch size: 64 | lm loss: 6.123456E+00 | loss scale: 1.0 | grad norm: 1.234 | number
  //  of skipped iterations: 0 | number of nan iterations: 0 | tokens per second: 1234.5 | TFLOP/s per rank:
  //  0.123 | share of peak: 61.5 % | time left: 1:02:03 |
  // The loss is the mean over the steps that made an update.
  std::string line(const LogContext& context) const;

 private:
  std::int64_t steps_ = 0;
  std::int64_t skipped_ = 0;
  std::int64_t not_finite_ = 0;  // losses
  std::int64_t tokens_ = 0;
  double loss_ = 0;  // sum
  double seconds_ = 0;
  StepMetrics last_;
};

// Floating-point operations a second of each rank.
double rank_flops(const LogContext& context, double tokens_per_second);

// " validation loss at iteration 1000 | lm loss value: 5.1E+00 | lm loss PPL: 1.6E+02 |" between two rules.
std::string evaluation_text(const EvaluationMetrics& metrics);

}  // namespace gpt::train
