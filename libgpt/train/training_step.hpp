#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "libgpt/comm/parallel_groups.hpp"
#include "libgpt/data/read_ahead.hpp"
#include "libgpt/data/sample_source.hpp"
#include "libgpt/model/stage.hpp"
#include "libgpt/optim/loss_scaler.hpp"
#include "libgpt/schedule/executor.hpp"
#include "libgpt/tensor/aligned_buffer.hpp"
#include "libgpt/train/observer.hpp"
#include "libgpt/train/rank_optimizer.hpp"
#include "libgpt/train/step_batch.hpp"
#include "libgpt/train/step_profile.hpp"
#include "libgpt/train/train_config.hpp"

namespace gpt::train {

// One step of training: gradients of a global batch, their norm, clipping, AdamW; in fp16 with the loss
// scaled, and no update where gradients overflowed. Collective. Waits for a device once.
template <class T>
class TrainingStep {
 public:
  // Everything must stay alive. profile: where there is one, on all ranks.
  TrainingStep(const TrainConfig& config, model::Stage<T>& stage, const comm::ParallelGroups& groups,
               schedule::Executor<T>& executor, RankOptimizer<T>& optimizer, const data::SampleSource& source,
               StepProfile* profile);
  TrainingStep(const TrainingStep&) = delete;
  TrainingStep& operator=(const TrainingStep&) = delete;

  // The step that follows a position. Throws NotFinite on all ranks alike, before the update, unless the loss
  // is scaled; saved is named in its message.
  StepMetrics run(const Position& position, const std::optional<std::string>& saved);

  // For checkpoints. Where the loss is not scaled, there is no state.
  std::optional<optim::LossScaler::State> loss_scaler_state() const;
  void restore(const optim::LossScaler::State& state);

 private:
  // What a step comes to: of this rank, or of all.
  struct Totals {
    model::LossSum loss;
    double squares = 0;  // of the gradients, as they are scaled
  };
  // Which samples a step has.
  struct Samples {
    std::int64_t first = 0;
    std::int64_t count = 0;
    friend bool operator==(const Samples&, const Samples&) = default;
  };
  Samples samples_after(std::int64_t consumed) const;
  BatchCut cut_of(const Samples& samples) const;
  StepBatch read(const Samples& samples);
  void accumulate_gradients(const StepBatch& batch, const BatchCut& cut);
  Totals own_totals();
  Totals totals_of_all(const Totals& own);
  void check_finite_or_throw(const StepMetrics& metrics, const model::LossSum& own,
                             const std::optional<std::string>& saved);
  void update(const Position& position, StepMetrics& metrics);
  double loss_scale() const { return scaler_ ? scaler_->scale() : 1; }

  const TrainConfig& config_;
  model::Stage<T>& stage_;
  const comm::ParallelGroups& groups_;
  schedule::Executor<T>& executor_;
  RankOptimizer<T>& optimizer_;
  const data::SampleSource& source_;
  StepProfile* profile_;
  std::optional<optim::LossScaler> scaler_;
  tensor::AlignedBuffer<tensor::Beside<T, double>> totals_{3};  // loss, tokens, squares
  data::ReadAhead<Samples, StepBatch> batches_;
};

}  // namespace gpt::train
