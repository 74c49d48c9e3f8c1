#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "libgpt/comm/parallel_groups.hpp"
#include "libgpt/data/read_ahead.hpp"
#include "libgpt/data/sample_source.hpp"
#include "libgpt/model/stage.hpp"
#include "libgpt/schedule/executor.hpp"
#include "libgpt/train/observer.hpp"
#include "libgpt/train/rank_optimizer.hpp"
#include "libgpt/train/step_batch.hpp"
#include "libgpt/train/step_profile.hpp"
#include "libgpt/train/train_config.hpp"

namespace gpt::train {

// One step of training: gradients of a global batch, their norm, clipping, AdamW. Collective.
class TrainingStep {
 public:
  // Everything must stay alive. profile: where there is one, on all ranks.
  TrainingStep(const TrainConfig& config, model::Stage<float>& stage, const comm::ParallelGroups& groups,
               schedule::Executor<float>& executor, RankOptimizer& optimizer,
               const data::SampleSource& source, StepProfile* profile);
  TrainingStep(const TrainingStep&) = delete;
  TrainingStep& operator=(const TrainingStep&) = delete;

  // The step that follows a position. Throws NotFinite on all ranks alike, before the update; saved is named
  // in its message.
  StepMetrics run(const Position& position, const std::optional<std::string>& saved);

 private:
  // Of the whole batch, over all ranks.
  struct Totals {
    double loss = 0;
    double tokens = 0;
    double squares = 0;
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
  model::LossSum accumulate_gradients(const StepBatch& batch, const BatchCut& cut);
  Totals totals(const model::LossSum& own);
  void check_finite_or_throw(const StepMetrics& metrics, const model::LossSum& own,
                             const std::optional<std::string>& saved);

  const TrainConfig& config_;
  model::Stage<float>& stage_;
  const comm::ParallelGroups& groups_;
  schedule::Executor<float>& executor_;
  RankOptimizer& optimizer_;
  const data::SampleSource& source_;
  StepProfile* profile_;
  data::ReadAhead<Samples, StepBatch> batches_;
};

// How this rank's replica takes its part of a batch of so many samples.
BatchCut batch_cut(const comm::ParallelGroups& groups, std::int64_t micro_batch_size,
                   std::int64_t batch_size);

// The loss of all micro batches, from what the ranks with a head have each seen of it; on all ranks.
model::LossSum loss_of_all_ranks(const comm::ParallelGroups& groups, const model::LossSum& own);

}  // namespace gpt::train
