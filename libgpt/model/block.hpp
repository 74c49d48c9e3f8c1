#pragma once

#include "libgpt/model/attention.hpp"
#include "libgpt/model/mlp.hpp"

namespace gpt::model {

// A transformer block: attention, then MLP, each around the residual stream.
template <class T>
struct BlockActivations {
  std::span<const T> input;
  AttentionActivations<T> attention;
  std::span<T> middle;  // between the two halves
  MlpActivations<T> mlp;
};

template <class T>
BlockActivations<T> block_forward(const Pass& pass, const BlockTensors<const T>& weights,
                                  std::span<const T> input, std::span<T> output, tensor::Arena& arena) {
  BlockActivations<T> kept;
  kept.input = input;
  kept.middle = arena.take<T>(pass.stream_size());
  kept.attention = attention_forward<T>(pass, weights, input, kept.middle, arena);
  kept.mlp = mlp_forward<T>(pass, weights, kept.middle, output, arena);
  return kept;
}

// stream: in, the gradient of the output; out, the gradient of the input.
template <class T>
void block_backward(const Pass& pass, const BlockTensors<const T>& weights, const BlockActivations<T>& kept,
                    ops::Product mode, const BlockTensors<T>& gradients, std::span<T> stream,
                    tensor::Arena& arena) {
  mlp_backward<T>(pass, weights, kept.mlp, kept.middle, mode, gradients, stream, arena);
  attention_backward<T>(pass, weights, kept.attention, kept.input, mode, gradients, stream, arena);
}

}  // namespace gpt::model
