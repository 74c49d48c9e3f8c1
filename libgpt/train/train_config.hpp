#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "libgpt/checkpoint/save.hpp"
#include "libgpt/optim/adamw.hpp"
#include "libgpt/optim/batch_size.hpp"
#include "libgpt/optim/learning_rate.hpp"
#include "libgpt/optim/loss_scaler.hpp"
#include "libgpt/train/document_boundaries.hpp"
#include "libgpt/train/stop_decision.hpp"

namespace gpt::train {

// A profiler that watches from outside records what follows step `start` until step `end` is done.
struct ProfilerSteps {
  std::int64_t start = 0, end = 0;
};

struct TrainConfig {
  std::int64_t micro_batch_size = 1;
  std::int64_t global_batch_size = 1;               // a multiple of micro_batch_size times the replicas
  std::optional<optim::BatchSize::Rampup> ramp_up;  // of the first steps; every size a multiple of the same
  std::int64_t train_iterations = 0;
  std::int64_t eval_interval = 1000;  // 0: only at the end
  std::int64_t eval_iterations = 100;
  double clip_grad = 1.0;
  std::uint64_t seed = 1234;
  optim::LearningRateSchedule schedule;
  optim::AdamWConfig optimizer;
  std::optional<optim::LossScalerConfig> loss_scaler;  // fp16's; none: the loss is not scaled
  DocumentRules documents;
  StopLimits stop;
  std::optional<ProfilerSteps> profiler;

  optim::BatchSize batch_size() const { return {global_batch_size, ramp_up, 1}; }
};

// Where and what to save. Nothing is saved without a folder.
struct SavePlan {
  std::optional<std::string> folder;
  std::int64_t save_interval = 0;  // 0: only at the end and at a stop
  enum class Optimizer { save, leave_out } optimizer = Optimizer::save;
  int keep_last = 0;
  // After a checkpoint within the run could not be written: end, or train on. One at the end must be.
  enum class OnError { stop, go_on } on_error = OnError::stop;
  std::vector<checkpoint::ExtraFile> extra_files;
  std::optional<std::int64_t> end_of_text;   // for config.json
  std::map<std::string, std::string> notes;  // texts of trainer_state.json
  // More of them, which are known at each save only; asked on all ranks.
  std::function<std::map<std::string, std::string>()> late_notes;
};

struct TrainResult {
  StopReason reason = StopReason::finished;
  std::int64_t iteration = 0;
  std::int64_t consumed_samples = 0;
  std::optional<double> last_loss;  // none when no step was made
  std::optional<double> validation_loss;
  std::optional<double> test_loss;
  std::optional<std::string> saved;  // the last checkpoint written
};

// How far training has come.
struct Position {
  std::int64_t iteration = 0;
  std::int64_t consumed_samples = 0;
  std::int64_t evaluated_iteration = 0;  // after which the last evaluation was made
  std::int64_t skipped_samples = 0;      // of the consumed ones: of steps that made no update

  // What the learning rate follows.
  std::int64_t learnt_samples() const { return consumed_samples - skipped_samples; }
};

}  // namespace gpt::train
