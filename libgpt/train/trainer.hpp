#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "libgpt/comm/parallel_groups.hpp"
#include "libgpt/data/training_data.hpp"
#include "libgpt/model/stage.hpp"
#include "libgpt/schedule/executor.hpp"
#include "libgpt/train/checkpointing.hpp"
#include "libgpt/train/not_finite.hpp"
#include "libgpt/train/observer.hpp"
#include "libgpt/train/rank_optimizer.hpp"
#include "libgpt/train/train_config.hpp"
#include "libgpt/train/training_step.hpp"

namespace gpt::train {

// The step loop of one rank: steps, evaluation, checkpoints, stops. All ranks of the world make the same
// calls, and what one decides (a stop) all do. After a stop and a restore at the same layout it goes on bit
// for bit as if there had been none (same machine, same number of threads).
template <class T>
class Trainer {
 public:
  // Everything passed in must stay alive. stop_requested is asked after each step; it may answer otherwise on
  // other ranks. The observer is told on every rank. profile: where there is one, on all ranks.
  Trainer(const TrainConfig& config, SavePlan plan, model::Stage<T>& stage,
          const comm::ParallelGroups& groups, const data::TrainingData& data, Observer& observer,
          std::function<bool()> stop_requested, StepProfile* profile = nullptr);
  Trainer(const Trainer&) = delete;
  Trainer& operator=(const Trainer&) = delete;

  // Starts from new weights.
  void initialise_weights() { optimizer_.initialise_weights(config_.seed); }
  // Loads weights, and where asked and there the optimizer's state and the position in the data. Throws
  // io::DataError when something asked for is missing or has another shape.
  void restore_or_throw(checkpoint::ModelFolder& folder, Restore what);

  // Trains to the end or to a stop; then saves. Throws NotFinite and checkpoint::SaveError on all ranks
  // alike, comm::CommError, and io::DataError where the samples do not suffice for what a restored run has
  // left to do.
  TrainResult run();

  std::int64_t iteration() const { return position_.iteration; }
  std::int64_t consumed_samples() const { return position_.consumed_samples; }
  // Memory of weights, gradients and optimizer state of this rank.
  std::size_t state_bytes() const;

 private:
  void check_samples_or_throw() const;
  void step(TrainResult& result);
  void tell_profiler() const;
  std::optional<double> evaluate(const data::SampleSource* source, std::int64_t first_sample,
                                 EvaluationKind kind);
  bool evaluation_due() const;
  StopReason evaluate_if_due();
  StopReason evaluate_at_end(TrainResult& result);
  std::int64_t consumed_validation_samples() const;
  void save_or_throw();
  void save_within_run_or_throw();
  bool stop_voted();
  StopReason vote(StopReason own);

  TrainConfig config_;
  SavePlan plan_;
  model::Stage<T>& stage_;
  const comm::ParallelGroups& groups_;
  const data::TrainingData& data_;
  Observer& observer_;
  std::function<bool()> stop_requested_;
  StepProfile* profile_;
  schedule::Executor<T> executor_;
  RankOptimizer<T> optimizer_;
  TrainingStep<T> training_step_;
  Position position_;
  std::optional<std::string> saved_;
  std::int64_t saved_iteration_ = -1;
};

}  // namespace gpt::train
