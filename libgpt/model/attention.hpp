#pragma once

#include <span>

#include "libgpt/model/block_tensors.hpp"
#include "libgpt/model/norm.hpp"
#include "libgpt/model/pass.hpp"
#include "libgpt/tensor/arena.hpp"

namespace gpt::model {

// What the attention half of a block keeps for its backward pass; [rows, hidden] unless said otherwise.
template <class T>
struct AttentionActivations {
  NormActivations<T> norm;
  std::span<T> qkv;      // [rows, 3 hidden]
  std::span<T> heads;    // outputs of the heads, side by side
  std::span<T> log_sum;  // [sequences, heads, length]
};

// output = input + dropout(projection(attention(qkv(norm(input)))))
template <class T>
AttentionActivations<T> attention_forward(const Pass& pass, const BlockTensors<const T>& weights,
                                          std::span<const T> input, std::span<T> output,
                                          tensor::Arena& arena);

// stream: in, the gradient of the output; out, the gradient of the input.
template <class T>
void attention_backward(const Pass& pass, const BlockTensors<const T>& weights,
                        const AttentionActivations<T>& kept, std::span<const T> input, ops::Product mode,
                        const BlockTensors<T>& gradients, std::span<T> stream, tensor::Arena& arena);

}  // namespace gpt::model
