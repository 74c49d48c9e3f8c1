#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "libgpt/comm/self_communicator.hpp"
#include "libgpt/model/stage.hpp"
#include "libgpt/tensor/copy.hpp"
#include "tests/unit/libgpt/model/small_model.hpp"

// A step of a whole model wherever its elements are, for tests that compare the device with the CPU.
namespace gpt::device_run {

using tensor::ValueOf;

template <class T>
std::vector<float> floats_of(std::span<const T> elements) {
  std::vector<float> floats;
  for (const auto value : tensor::downloaded<T>(elements)) floats.push_back(tensor::to_float(value));
  return floats;
}

template <class T>
void set_elements(std::span<T> elements, const std::vector<float>& floats) {
  std::vector<ValueOf<T>> values;
  for (const float value : floats) values.push_back(tensor::from_float<ValueOf<T>>(value));
  tensor::upload<T>(values, elements);
}

// What a V can hold of them.
template <class V>
std::vector<float> rounded_to(std::vector<float> floats) {
  for (float& value : floats) value = tensor::to_float(tensor::from_float<V>(value));
  return floats;
}

struct Result {
  model::LossSum training, evaluation;
  std::vector<double> log_probabilities;  // of the evaluation
  std::vector<float> gradients;           // flat
};

template <class T>
class WholeModel {
 public:
  explicit WholeModel(const model::ModelConfig& config, const model::RecomputeConfig& recompute = {})
      : stage_(config, stage_config(config, recompute), self_) {}

  model::Stage<T>& stage() { return stage_; }
  const model::ParameterLayout& layout() const { return stage_.layout(); }

  // One forward and backward pass a batch, gradients summed; then an evaluation of the last batch.
  Result step(const std::vector<model::MicroBatch>& batches, double loss_scale) {
    Result result;
    tensor::AlignedBuffer<tensor::SumOf<T>> gradients(layout().buffer_size());
    typename model::Stage<T>::TrainStep step{loss_scale, 99, gradients.span(), model::Gradients::replace};
    for (std::int64_t i = 0; i < static_cast<std::int64_t>(batches.size()); ++i) {
      const auto& batch = batches[static_cast<std::size_t>(i)];
      stage_.forward({i, 0}, batch, step, {}, {});
      stage_.backward({i, 0}, batch, step, {}, {});
    }
    result.training = stage_.take_loss();
    result.gradients = floats_of(std::span<const tensor::SumOf<T>>(gradients.span()));
    const auto& last = batches.back();
    result.log_probabilities.resize(static_cast<std::size_t>(last.sequences * last.length));
    stage_.evaluate(0, last, {}, {}, result.log_probabilities);
    result.evaluation = stage_.take_loss();
    return result;
  }

 private:
  static model::StageConfig stage_config(const model::ModelConfig& config,
                                         const model::RecomputeConfig& recompute) {
    model::StageConfig stage;
    stage.part = model::whole_model(config.shape);
    stage.recompute = recompute;
    return stage;
  }

  comm::SelfCommunicator self_;
  model::Stage<T> stage_;
};

}  // namespace gpt::device_run
