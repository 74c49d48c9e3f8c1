#pragma once

#include <cstdint>
#include <string>

namespace gpt::train {

// One finished step. iteration counts from 1; consumed_samples includes the step's own.
struct StepMetrics {
  std::int64_t iteration = 0;
  std::int64_t consumed_samples = 0;
  std::int64_t tokens = 0;
  double loss = 0;           // nats a token
  double gradient_norm = 0;  // before clipping
  double learning_rate = 0;
  double seconds = 0;
  std::int64_t batch_size = 0;  // samples of the step
  double loss_scale = 1;
  bool skipped = false;  // no update was made: the scaled gradients overflowed

  double tokens_per_second() const { return static_cast<double>(tokens) / seconds; }
};

enum class EvaluationKind { interval, final_validation, final_test };

struct EvaluationMetrics {
  EvaluationKind kind = EvaluationKind::interval;
  std::int64_t iteration = 0;
  std::int64_t consumed_samples = 0;  // of training
  double loss = 0;
  double seconds = 0;
};

// Where the step loop tells what it did.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void on_step(const StepMetrics& metrics) = 0;
  virtual void on_evaluation(const EvaluationMetrics& metrics) = 0;
  virtual void on_saved(std::int64_t iteration, const std::string& path) = 0;
  // Training goes on without this checkpoint (SavePlan::OnError::go_on).
  virtual void on_save_failed(std::int64_t /*iteration*/, const std::string& /*reason*/) {}
};

}  // namespace gpt::train
