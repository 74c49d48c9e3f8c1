#pragma once

#include <cstdint>
#include <string>

#include "libgpt/train/observer.hpp"

namespace gpt::train {

// The means and ends of the steps between two log lines.
class LogInterval {
 public:
  void add(const StepMetrics& metrics);
  bool empty() const { return steps_ == 0; }
  void clear() { *this = {}; }

  // Megatron's line, and behind it tokens a second and the time left:
  //  iteration 100/ 1000 | consumed samples: 6400 | elapsed time per iteration (ms): 234.5 | learning rate:
  //  1.500E-04 | global batch size: 64 | lm loss: 6.123456E+00 | loss scale: 1.0 | grad norm: 1.234 | number
  //  of skipped iterations: 0 | number of nan iterations: 0 | tokens per second: 1234.5 | time left: 1:02:03
  //  |
  std::string line(std::int64_t train_iterations, std::int64_t global_batch_size) const;

 private:
  std::int64_t steps_ = 0;
  std::int64_t tokens_ = 0;
  double loss_ = 0;
  double seconds_ = 0;
  StepMetrics last_;
};

// " validation loss at iteration 1000 | lm loss value: 5.1E+00 | lm loss PPL: 1.6E+02 |" between two rules.
std::string evaluation_text(const EvaluationMetrics& metrics);

}  // namespace gpt::train
