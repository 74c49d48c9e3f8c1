#include "libgpt/model/stage_inference.hpp"

#include <algorithm>
#include <stdexcept>
#include <type_traits>

#include "libgpt/ops/convert.hpp"
#include "libgpt/tensor/copy.hpp"
#include "libgpt/tensor/instantiate.hpp"

namespace gpt::model {
namespace {

constexpr int kStreamTag = 0;
// The bound on keys of a step that may be repeated grows by so many at a time: a text of 1024 tokens has 4
// steps to record, and attention looks beyond a text's end no further than that.
constexpr std::int64_t kKeysAtOnce = 256;
constexpr std::size_t kMostSteps = 32;

StageConfig stage_config(const ModelConfig& config, const comm::ParallelGroups& groups) {
  check_config_or_throw(config);
  check_layout_or_throw(config.shape, groups.layout);
  StageConfig stage;
  stage.part = model_part(config.shape, groups.layout, groups.place);
  return stage;
}

}  // namespace

template <class T>
StageInference<T>::StageInference(const ModelConfig& config, const comm::ParallelGroups& groups,
                                  RepeatedSteps repeated)
    : tensor_{groups.tensor, SequenceRows::whole},
      pipeline_(groups.pipeline),
      stage_(config, stage_config(config, groups), *groups.tensor),
      repeated_(repeated) {}

template <class T>
std::span<float> StageInference<T>::host_weights() {
  if constexpr (std::is_same_v<T, float>) {
    return stage_.weights();
  } else {
    return {};
  }
}

template <class T>
void StageInference<T>::set_weights(std::size_t first, std::span<const float> values) {
  stage_.set_weights(first, values);
}

template <class T>
void StageInference<T>::make_cache(std::int64_t slots, std::int64_t capacity) {
  steps_.clear();
  cache_.reset();
  cache_.emplace(config().shape, layout().part(), slots, capacity);
}

template <class T>
void StageInference<T>::receive(std::span<T> stream) {
  pipeline_->receive(stream, pipeline_->rank() - 1, kStreamTag);
}

template <class T>
void StageInference<T>::send(std::span<const T> stream) {
  pipeline_->send(stream, pipeline_->rank() + 1, kStreamTag);
}

template <class T>
bool StageInference<T>::can_be_repeated(const PlacedBatch& batch) const {
  return tensor::kPlaceOf<T> == tensor::Place::device && repeated_ == RepeatedSteps::recorded &&
         batch.most_rows == 1 && tensor_.alone();
}

template <class T>
std::span<const float> StageInference<T>::forward(const PlacedBatch& batch) {
  if (!cache_) throw std::logic_error("inference without a cache");
  arena_.reset();
  const auto pass = inference_pass<T>(config(), tensor_, batch.tokens.size());
  auto rows = inference_rows<T>(batch, arena_);
  const auto stream = arena_.take<T>(pass.stream_size());
  if (!chunk().embedding) receive(stream);
  std::span<const tensor::SumOf<T>> logits;
  if (can_be_repeated(batch)) {
    const std::int64_t rounded = (rows.most_keys + kKeysAtOnce - 1) / kKeysAtOnce * kKeysAtOnce;
    rows.most_keys = std::min(rounded, cache_->capacity());
    logits = compute_repeated(pass, rows, stream);
  } else {
    logits = compute(pass, rows, stream);
  }
  if (!chunk().head) send(stream);
  return to_host(logits);
}

template <class T>
std::span<const tensor::SumOf<T>> StageInference<T>::compute(const Pass<T>& pass,
                                                             const InferenceRows<T>& rows,
                                                             std::span<T> stream) {
  const std::span<const T> weights = stage_.weights();
  if (chunk().embedding) infer_embedding<T>(pass, layout(), weights, rows, stream, arena_);
  infer_blocks<T>(pass, layout(), weights, rows, stream, *cache_, arena_);
  if (!chunk().head || rows.wanted.empty()) return {};
  const auto logits = infer_logits<T>(pass, layout(), weights, rows, stream, arena_);
  if constexpr (std::is_same_v<T, tensor::SumOf<T>>) {
    return logits;
  } else {
    const auto wide = arena_.take<tensor::SumOf<T>>(logits.size());
    ops::widen<T>(logits, wide);
    return wide;
  }
}

// The first time it is computed as any batch, which makes memory and choices; the second time it is recorded.
// The arena gives batches of the same sizes the same addresses.
template <class T>
std::span<const tensor::SumOf<T>> StageInference<T>::compute_repeated(const Pass<T>& pass,
                                                                      const InferenceRows<T>& rows,
                                                                      std::span<T> stream) {
  if (steps_.size() == kMostSteps) steps_.clear();
  const auto [found, is_new] = steps_.try_emplace({pass.rows(), std::ssize(rows.wanted), rows.most_keys});
  Step& step = found->second;
  if (is_new) return step.logits = compute(pass, rows, stream);
  if (!step.work) {
    step.work = tensor::device().record([this, pass, rows, stream] {
      const tensor::ArenaScope scope(arena_);
      compute(pass, rows, stream);
    });
  }
  step.work->replay();
  return step.logits;
}

template <class T>
std::span<const float> StageInference<T>::to_host(std::span<const tensor::SumOf<T>> logits) {
  if constexpr (std::is_same_v<T, float>) {
    return logits;
  } else {
    if (logits.empty()) return {};
    const auto values = tensor::downloaded<tensor::SumOf<T>>(logits);
    logits_.assign(values.begin(), values.end());
    return logits_;
  }
}

template <class T>
double StageInference<T>::loss(const MicroBatch& batch) {
  arena_.reset();
  std::span<T> input, output;
  if (!chunk().embedding) {
    input = arena_.take<T>(stage_.stream_size(batch.sequences, batch.length));
    receive(input);
  }
  if (!chunk().head) output = arena_.take<T>(stage_.stream_size(batch.sequences, batch.length));
  stage_.evaluate(0, batch, input, output);
  if (chunk().head) return stage_.take_loss().loss;
  send(output);
  return 0;
}

template <class T>
std::size_t StageInference<T>::bytes() const {
  return stage_.weights().size_bytes() + (cache_ ? cache_->bytes() : 0) + arena_.peak_bytes() +
         stage_.activation_bytes();
}

#define GPT_INSTANTIATE(T) template class StageInference<T>;
GPT_FOR_EACH_ELEMENT(GPT_INSTANTIATE)
#undef GPT_INSTANTIATE

}  // namespace gpt::model
