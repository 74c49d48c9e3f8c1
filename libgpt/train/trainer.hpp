#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "libgpt/checkpoint/model_folder.hpp"
#include "libgpt/checkpoint/save.hpp"
#include "libgpt/data/training_data.hpp"
#include "libgpt/model/gpt.hpp"
#include "libgpt/optim/adamw.hpp"
#include "libgpt/optim/learning_rate.hpp"
#include "libgpt/train/document_boundaries.hpp"
#include "libgpt/train/observer.hpp"
#include "libgpt/train/stop_decision.hpp"

namespace gpt::train {

// A loss or gradient stopped being a number; the weights are those before the step.
class NotFinite : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct TrainConfig {
  std::int64_t micro_batch_size = 1;
  std::int64_t global_batch_size = 1;  // a multiple of micro_batch_size
  std::int64_t train_iterations = 0;
  std::int64_t eval_interval = 1000;  // 0: only at the end
  std::int64_t eval_iterations = 100;
  double clip_grad = 1.0;
  std::uint64_t seed = 1234;
  optim::LearningRateSchedule schedule;
  optim::AdamWConfig optimizer;
  DocumentRules documents;
  StopLimits stop;
};

// Where and what to save. Nothing is saved without a folder.
struct SavePlan {
  std::optional<std::string> folder;
  std::int64_t save_interval = 0;  // 0: only at the end and at a stop
  enum class Optimizer { save, leave_out } optimizer = Optimizer::save;
  int keep_last = 0;
  std::vector<checkpoint::ExtraFile> extra_files;
  std::optional<std::int64_t> end_of_text;   // for config.json
  std::map<std::string, std::string> notes;  // texts of trainer_state.json
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

// The step loop: gradients of a global batch, clipping, AdamW; evaluation; checkpoints; stops. After a stop
// and a restore it goes on bit for bit as if there had been none (same machine, same number of threads).
class Trainer {
 public:
  // Everything passed in must stay alive. stop_requested is asked after each step.
  Trainer(const TrainConfig& config, SavePlan plan, model::Gpt<float>& model, const data::TrainingData& data,
          Observer& observer, std::function<bool()> stop_requested);

  // What to take from a folder beside the weights.
  enum class Restore { all, without_optimizer, weights_only };
  // Loads weights, and where asked and there the optimizer's state and the position in the data. Throws
  // io::DataError when something asked for is missing or has another shape.
  void restore_or_throw(checkpoint::ModelFolder& folder, Restore what);

  // Trains to the end or to a stop; then saves. Throws NotFinite, io::IoError, and
  // io::DataError where the samples do not suffice for what a restored run has left to do.
  TrainResult run();

  std::int64_t iteration() const { return iteration_; }
  std::int64_t consumed_samples() const { return consumed_samples_; }
  // Memory of weights, gradients and optimizer state.
  std::size_t state_bytes() const;

 private:
  void check_samples_or_throw() const;
  StepMetrics step();
  model::LossSum accumulate_gradients();
  std::optional<double> evaluate(const data::SampleSource* source, std::int64_t first_sample,
                                 EvaluationKind kind);
  bool evaluation_due() const;
  StopReason evaluate_if_due();
  StopReason evaluate_at_end(TrainResult& result);
  std::int64_t consumed_validation_samples() const;
  void save_or_throw();

  TrainConfig config_;
  SavePlan plan_;
  model::Gpt<float>& model_;
  const data::TrainingData& data_;
  Observer& observer_;
  std::function<bool()> stop_requested_;
  optim::AdamW<float> optimizer_;
  tensor::AlignedBuffer<float> gradients_;
  std::int64_t iteration_ = 0;
  std::int64_t consumed_samples_ = 0;
  std::optional<std::string> saved_;
  std::int64_t saved_iteration_ = -1;
  std::int64_t evaluated_iteration_ = 0;
};

}  // namespace gpt::train
