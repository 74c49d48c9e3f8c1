#include "libgpt/train/micro_batch_work.hpp"

#include <cassert>

namespace gpt::train {
namespace {

// Of the activations that pass between stages. Every micro batch of a run has the same shape.
std::size_t stream_size_of(const model::Stage<float>& stage, const StepBatch& batch) {
  const model::MicroBatch first = batch.micro_batch(0);
  return stage.stream_size(first.sequences, first.length);
}

}  // namespace

TrainingWork::TrainingWork(model::Stage<float>& stage, const StepBatch& batch, std::int64_t micro_batches,
                           const model::Stage<float>::TrainStep& step, optim::GradientBuckets<float>& buckets,
                           std::function<void()> between_layers)
    : stage_(stage),
      batch_(batch),
      last_micro_batch_(micro_batches - 1),
      step_(step),
      buckets_(buckets),
      between_layers_(std::move(between_layers)) {}

std::size_t TrainingWork::stream_size() const { return stream_size_of(stage_, batch_); }

void TrainingWork::forward(const schedule::Action& action, std::span<const float> input,
                           std::span<float> output) {
  stage_.forward({action.micro_batch, action.chunk}, batch_.micro_batch(action.micro_batch), step_, input,
                 output);
  between_layers_();
}

void TrainingWork::backward(const schedule::Action& action, std::span<const float> d_output,
                            std::span<float> d_input) {
  const bool last = action.micro_batch == last_micro_batch_;
  const auto after_layer = [&](model::BufferRange range) {
    if (last) buckets_.mark_final({range.begin, range.end});
    between_layers_();
  };
  stage_.backward({action.micro_batch, action.chunk}, batch_.micro_batch(action.micro_batch), step_, d_output,
                  d_input, after_layer);
}

std::size_t EvaluationWork::stream_size() const { return stream_size_of(stage_, batch_); }

void EvaluationWork::forward(const schedule::Action& action, std::span<const float> input,
                             std::span<float> output) {
  stage_.evaluate(action.chunk, batch_.micro_batch(action.micro_batch), input, output);
}

void EvaluationWork::backward(const schedule::Action&, std::span<const float>, std::span<float>) {
  assert(!"an evaluation has no backward pass");
}

}  // namespace gpt::train
