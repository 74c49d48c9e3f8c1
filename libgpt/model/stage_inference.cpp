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

StageConfig stage_config(const ModelConfig& config, const comm::ParallelGroups& groups) {
  check_config_or_throw(config);
  check_layout_or_throw(config.shape, groups.layout);
  StageConfig stage;
  stage.part = model_part(config.shape, groups.layout, groups.place);
  return stage;
}

}  // namespace

template <class T>
StageInference<T>::StageInference(const ModelConfig& config, const comm::ParallelGroups& groups)
    : tensor_{groups.tensor, SequenceRows::whole},
      pipeline_(groups.pipeline),
      stage_(config, stage_config(config, groups), *groups.tensor) {}

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
  std::vector<tensor::ValueOf<T>> rounded(values.size());
  std::transform(values.begin(), values.end(), rounded.begin(), tensor::from_float<tensor::ValueOf<T>>);
  tensor::upload<T>(rounded, stage_.weights().subspan(first, values.size()));
}

template <class T>
void StageInference<T>::make_cache(std::int64_t slots, std::int64_t capacity) {
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
std::span<const float> StageInference<T>::forward(const PlacedBatch& batch) {
  if (!cache_) throw std::logic_error("inference without a cache");
  arena_.reset();
  const auto pass = inference_pass<T>(config(), tensor_, batch.tokens.size());
  const auto rows = inference_rows<T>(batch, arena_);
  const auto stream = arena_.take<T>(pass.stream_size());
  const std::span<const T> weights = stage_.weights();
  if (chunk().embedding) {
    infer_embedding<T>(pass, layout(), weights, rows, stream, arena_);
  } else {
    receive(stream);
  }
  infer_blocks<T>(pass, layout(), weights, rows, stream, *cache_, arena_);
  if (!chunk().head) {
    send(stream);
    return {};
  }
  if (batch.wanted.empty()) return {};
  return to_host(infer_logits<T>(pass, layout(), weights, rows, stream, arena_));
}

template <class T>
std::span<const float> StageInference<T>::to_host(std::span<const T> logits) {
  if constexpr (std::is_same_v<T, float>) {
    return logits;
  } else if constexpr (tensor::kPlaceOf<T> == tensor::Place::host) {
    logits_.assign(logits.begin(), logits.end());
    return logits_;
  } else {
    std::span<const tensor::DeviceF32> wide;
    if constexpr (std::is_same_v<T, tensor::DeviceF32>) {
      wide = logits;
    } else {
      const auto widened = arena_.take<tensor::DeviceF32>(logits.size());
      ops::widen<T>(logits, widened);
      wide = widened;
    }
    logits_.resize(wide.size());
    tensor::download<tensor::DeviceF32>(wide, logits_);
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
