#pragma once

#include <span>

#include "libgpt/model/block_tensors.hpp"
#include "libgpt/model/norm.hpp"
#include "libgpt/model/pass.hpp"
#include "libgpt/tensor/arena.hpp"

namespace gpt::model {

// Whether a block keeps what its attention core (softmax(Q K^T) V) gave, or computes it again from Q, K and V
// for the backward pass (selective recomputation).
enum class AttentionCore { keep, recompute };

// What the attention core gives.
template <class T>
struct CoreActivations {
  std::span<T> heads;                   // [rows, attention width], outputs of this rank's heads side by side
  std::span<tensor::SumOf<T>> log_sum;  // [sequences, heads, length]

  static CoreActivations take(const Pass<T>& pass, tensor::Arena& arena);
};

// What the attention half of a block keeps for its backward pass.
template <class T>
struct AttentionActivations {
  NormActivations<T> norm;
  std::span<T> qkv;         // [rows, 3 attention width]
  CoreActivations<T> core;  // empty where it is recomputed

  static AttentionActivations take(const Pass<T>& pass, AttentionCore core, tensor::Arena& arena);
};

// output = input + dropout(projection(attention(qkv(norm(input))))); input and output are streams.
template <class T>
void attention_forward(const Pass<T>& pass, const BlockTensors<const T>& weights,
                       const AttentionActivations<T>& kept, std::span<const T> input, std::span<T> output,
                       tensor::Arena& scratch);

// stream: in, the gradient of the output; out, the gradient of the input.
template <class T>
void attention_backward(const Pass<T>& pass, const BlockTensors<const T>& weights,
                        const AttentionActivations<T>& kept, std::span<const T> input, ops::Product mode,
                        const BlockTensors<tensor::SumOf<T>>& gradients, std::span<T> stream,
                        tensor::Arena& scratch);

}  // namespace gpt::model
