#pragma once

#include "libgpt/model/attention.hpp"
#include "libgpt/model/mlp.hpp"

namespace gpt::model {

// A transformer block: attention, then MLP, each around the residual stream.
template <class T>
struct BlockActivations {
  AttentionActivations<T> attention;
  std::span<T> middle;  // the stream between the two halves
  MlpActivations<T> mlp;

  static BlockActivations take(const Pass<T>& pass, AttentionCore core, tensor::Arena& arena) {
    const auto middle = arena.take<T>(pass.stream_size());
    return {AttentionActivations<T>::take(pass, core, arena), middle, MlpActivations<T>::take(pass, arena)};
  }
};

// An empty output is not computed, see mlp_forward.
template <class T>
void block_forward(const Pass<T>& pass, const BlockTensors<const T>& weights, const BlockActivations<T>& kept,
                   std::span<const T> input, std::span<T> output, tensor::Arena& scratch) {
  attention_forward<T>(pass, weights, kept.attention, input, kept.middle, scratch);
  mlp_forward<T>(pass, weights, kept.mlp, kept.middle, output, scratch);
}

// stream: in, the gradient of the output; out, the gradient of the input.
template <class T>
void block_backward(const Pass<T>& pass, const BlockTensors<const T>& weights,
                    const BlockActivations<T>& kept, std::span<const T> input, ops::Product mode,
                    const BlockTensors<tensor::SumOf<T>>& gradients, std::span<T> stream,
                    tensor::Arena& scratch) {
  mlp_backward<T>(pass, weights, kept.mlp, kept.middle, mode, gradients, stream, scratch);
  attention_backward<T>(pass, weights, kept.attention, input, mode, gradients, stream, scratch);
}

}  // namespace gpt::model
