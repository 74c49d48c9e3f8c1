#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "libgpt/model/block.hpp"
#include "libgpt/model/recompute.hpp"
#include "libgpt/tensor/arena.hpp"

namespace gpt::model {

// The layers of a model chunk, with what passes through them: forward, backward, and forward alone.
template <class T>
struct ChunkLayers {
  const Pass<T>& pass;
  const ParameterLayout& layout;
  std::span<const T> weights;
  std::int64_t first = 0, count = 0;  // among the rank's layers
  std::span<const LayerGroup> groups;
  AttentionCore core = AttentionCore::keep;

  BlockTensors<const T> tensors(std::int64_t layer) const { return {weights, layout, first + layer}; }
  BlockTensors<tensor::SumOf<T>> gradients(std::span<tensor::SumOf<T>> buffer, std::int64_t layer) const {
    return {buffer, layout, first + layer};
  }
};

// What a chunk's layers keep of a micro batch.
template <class T>
struct ChunkActivations {
  std::span<const T> input;                 // of the first layer
  std::vector<std::span<T>> group_outputs;  // of all groups but the last
  std::vector<BlockActivations<T>> blocks;  // a group's, empty where it keeps its input alone
  std::span<T> d_output;                    // where the chunk has a head: the gradient of its input
};

// input must stay as it is until the backward pass. What is kept comes from the arena `kept`.
template <class T>
ChunkActivations<T> chunk_forward(const ChunkLayers<T>& layers, std::span<const T> input, std::span<T> output,
                                  tensor::Arena& kept, tensor::Arena& scratch);

// stream: in, the gradient of the last layer's output; out, that of the first's input. after_layer is called
// with each layer's number in the chunk, when its gradients are complete.
template <class T>
void chunk_backward(const ChunkLayers<T>& layers, const ChunkActivations<T>& kept, ops::Product mode,
                    std::span<tensor::SumOf<T>> gradients, std::span<T> stream, tensor::Arena& scratch,
                    const std::function<void(std::int64_t)>& after_layer);

// Keeps nothing. output may not be input.
template <class T>
void chunk_forward_only(const ChunkLayers<T>& layers, std::span<const T> input, std::span<T> output,
                        tensor::Arena& scratch);

}  // namespace gpt::model
