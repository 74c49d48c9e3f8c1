#pragma once

#include <functional>

#include "libgpt/model/stage.hpp"
#include "libgpt/optim/gradient_buckets.hpp"
#include "libgpt/schedule/stage_work.hpp"
#include "libgpt/train/step_batch.hpp"

namespace gpt::train {

// What a stage does with the micro batches of a training step; declares gradients final as the last one
// passes backward. Everything passed in must stay alive.
template <class T>
class TrainingWork : public schedule::StageWork<T> {
 public:
  // between_layers is called now and then: it moves on messages that are under way.
  TrainingWork(model::Stage<T>& stage, const StepBatch& batch, std::int64_t micro_batches,
               const typename model::Stage<T>::TrainStep& step, optim::GradientBuckets<T>& buckets,
               std::function<void()> between_layers);

  std::size_t stream_size() const override;
  void forward(const schedule::Action& action, std::span<const T> input, std::span<T> output) override;
  void backward(const schedule::Action& action, std::span<const T> d_output, std::span<T> d_input) override;

 private:
  model::Stage<T>& stage_;
  const StepBatch& batch_;
  std::int64_t last_micro_batch_;
  typename model::Stage<T>::TrainStep step_;
  optim::GradientBuckets<T>& buckets_;
  std::function<void()> between_layers_;
};

// The same when nothing is trained: no dropout, nothing kept.
template <class T>
class EvaluationWork : public schedule::StageWork<T> {
 public:
  EvaluationWork(model::Stage<T>& stage, const StepBatch& batch) : stage_(stage), batch_(batch) {}

  std::size_t stream_size() const override;
  void forward(const schedule::Action& action, std::span<const T> input, std::span<T> output) override;
  void backward(const schedule::Action& action, std::span<const T> d_output, std::span<T> d_input) override;

 private:
  model::Stage<T>& stage_;
  const StepBatch& batch_;
};

}  // namespace gpt::train
