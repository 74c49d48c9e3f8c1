#include "libgpt/train/micro_batch_work.hpp"

#include <cassert>

#include "libgpt/tensor/instantiate.hpp"

namespace gpt::train {
namespace {

// Of the activations that pass between stages. Every micro batch of a run has the same shape.
template <class T>
std::size_t stream_size_of(const model::Stage<T>& stage, const StepBatch& batch) {
  const model::MicroBatch first = batch.micro_batch(0);
  return stage.stream_size(first.sequences, first.length);
}

}  // namespace

template <class T>
TrainingWork<T>::TrainingWork(model::Stage<T>& stage, const StepBatch& batch, std::int64_t micro_batches,
                              const typename model::Stage<T>::TrainStep& step,
                              optim::GradientBuckets<T>& buckets, std::function<void()> between_layers)
    : stage_(stage),
      batch_(batch),
      last_micro_batch_(micro_batches - 1),
      step_(step),
      buckets_(buckets),
      between_layers_(std::move(between_layers)) {}

template <class T>
std::size_t TrainingWork<T>::stream_size() const {
  return stream_size_of(stage_, batch_);
}

template <class T>
void TrainingWork<T>::forward(const schedule::Action& action, std::span<const T> input, std::span<T> output) {
  stage_.forward({action.micro_batch, action.chunk}, batch_.micro_batch(action.micro_batch), step_, input,
                 output);
  between_layers_();
}

template <class T>
void TrainingWork<T>::backward(const schedule::Action& action, std::span<const T> d_output,
                               std::span<T> d_input) {
  const bool last = action.micro_batch == last_micro_batch_;
  const auto after_layer = [&](model::BufferRange range) {
    if (last) buckets_.mark_final({range.begin, range.end});
    between_layers_();
  };
  stage_.backward({action.micro_batch, action.chunk}, batch_.micro_batch(action.micro_batch), step_, d_output,
                  d_input, after_layer);
}

template <class T>
std::size_t EvaluationWork<T>::stream_size() const {
  return stream_size_of(stage_, batch_);
}

template <class T>
void EvaluationWork<T>::forward(const schedule::Action& action, std::span<const T> input,
                                std::span<T> output) {
  stage_.evaluate(action.chunk, batch_.micro_batch(action.micro_batch), input, output);
}

template <class T>
void EvaluationWork<T>::backward(const schedule::Action&, std::span<const T>, std::span<T>) {
  assert(!"an evaluation has no backward pass");
}

#define GPT_INSTANTIATE(T)        \
  template class TrainingWork<T>; \
  template class EvaluationWork<T>;
GPT_FOR_EACH_TRAINED_ELEMENT(GPT_INSTANTIATE)
#undef GPT_INSTANTIATE

}  // namespace gpt::train
