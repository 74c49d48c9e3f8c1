#include "libgpt/model/gpt.hpp"

#include "libgpt/model/batch_check.hpp"
#include "libgpt/model/inference.hpp"

namespace gpt::model {
namespace {

// Checked first: a part can only be made of sizes that make sense.
StageConfig whole_stage(const ModelConfig& config) {
  check_config_or_throw(config);
  StageConfig stage;
  stage.part = whole_model(config.shape);
  return stage;
}

}  // namespace

template <class T>
Gpt<T>::Gpt(const ModelConfig& config)
    : self_(std::make_unique<comm::SelfCommunicator>()), stage_(config, whole_stage(config), *self_) {}

template <class T>
LossSum Gpt<T>::forward_loss(const MicroBatch& batch) {
  return forward_loss(batch, {});
}

template <class T>
LossSum Gpt<T>::forward_loss(const MicroBatch& batch, std::span<double> log_probabilities) {
  stage_.evaluate(0, batch, {}, {}, log_probabilities);
  return stage_.take_loss();
}

template <class T>
void Gpt<T>::forward_logits(const MicroBatch& batch, std::span<T> logits) {
  stage_.evaluate_logits(batch, logits);
}

template <class T>
LossSum Gpt<T>::forward_backward(const MicroBatch& batch, double loss_scale, std::uint64_t dropout_seed,
                                 Gradients mode, std::span<T> gradients) {
  const typename Stage<T>::TrainStep step{loss_scale, dropout_seed, gradients, mode};
  stage_.forward({}, batch, step, {}, {});
  stage_.backward({}, batch, step, {}, {});
  return stage_.take_loss();
}

template <class T>
std::span<const T> Gpt<T>::forward_inference(const InferenceBatch& batch, KvCache<T>& cache) {
  check_indices_or_throw("token", batch.tokens, config().shape.vocabulary);
  std::vector<std::int32_t> positions;
  const PlacedBatch placed = cache.lengths().place_or_throw(batch, positions);
  if (batch.tokens.empty()) return {};
  arena_.reset();
  const auto pass = inference_pass<T>(config(), {}, batch.tokens.size());
  const auto rows = inference_rows<T>(placed, arena_);
  const auto stream = arena_.take<T>(pass.stream_size());
  const std::span<const T> values = weights();
  infer_embedding<T>(pass, layout(), values, rows, stream, arena_);
  infer_blocks<T>(pass, layout(), values, rows, stream, cache, arena_);
  cache.lengths().append(placed);
  if (batch.wanted.empty()) return {};
  return infer_logits<T>(pass, layout(), values, rows, stream, arena_);
}

template class Gpt<float>;
template class Gpt<double>;

}  // namespace gpt::model
