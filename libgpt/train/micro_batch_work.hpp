#pragma once

#include <functional>

#include "libgpt/model/stage.hpp"
#include "libgpt/optim/gradient_buckets.hpp"
#include "libgpt/schedule/stage_work.hpp"
#include "libgpt/train/step_batch.hpp"

namespace gpt::train {

// What a stage does with the micro batches of a training step; declares gradients final as the last one
// passes backward. Everything passed in must stay alive.
class TrainingWork : public schedule::StageWork<float> {
 public:
  // between_layers is called now and then: it moves on messages that are under way.
  TrainingWork(model::Stage<float>& stage, const StepBatch& batch, std::int64_t micro_batches,
               const model::Stage<float>::TrainStep& step, optim::GradientBuckets<float>& buckets,
               std::function<void()> between_layers);

  std::size_t stream_size() const override;
  void forward(const schedule::Action& action, std::span<const float> input,
               std::span<float> output) override;
  void backward(const schedule::Action& action, std::span<const float> d_output,
                std::span<float> d_input) override;

 private:
  model::Stage<float>& stage_;
  const StepBatch& batch_;
  std::int64_t last_micro_batch_;
  model::Stage<float>::TrainStep step_;
  optim::GradientBuckets<float>& buckets_;
  std::function<void()> between_layers_;
};

// The same when nothing is trained: no dropout, nothing kept.
class EvaluationWork : public schedule::StageWork<float> {
 public:
  EvaluationWork(model::Stage<float>& stage, const StepBatch& batch) : stage_(stage), batch_(batch) {}

  std::size_t stream_size() const override;
  void forward(const schedule::Action& action, std::span<const float> input,
               std::span<float> output) override;
  void backward(const schedule::Action& action, std::span<const float> d_output,
                std::span<float> d_input) override;

 private:
  model::Stage<float>& stage_;
  const StepBatch& batch_;
};

}  // namespace gpt::train
