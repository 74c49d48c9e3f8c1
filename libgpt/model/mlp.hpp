#pragma once

#include <span>

#include "libgpt/model/block_tensors.hpp"
#include "libgpt/model/norm.hpp"
#include "libgpt/model/pass.hpp"
#include "libgpt/tensor/arena.hpp"

namespace gpt::model {

// What the MLP half of a block keeps for its backward pass.
template <class T>
struct MlpActivations {
  NormActivations<T> norm;
  std::span<T> wide;       // [rows, MLP width], before the GELU
  std::span<T> activated;  // after it

  static MlpActivations take(const Pass<T>& pass, tensor::Arena& arena);
};

// output = input + dropout(narrow(gelu(widen(norm(input))))); input and output are streams. An empty output
// is not computed: only what the backward pass needs is.
template <class T>
void mlp_forward(const Pass<T>& pass, const BlockTensors<const T>& weights, const MlpActivations<T>& kept,
                 std::span<const T> input, std::span<T> output, tensor::Arena& scratch);

// stream: in, the gradient of the output; out, the gradient of the input.
template <class T>
void mlp_backward(const Pass<T>& pass, const BlockTensors<const T>& weights, const MlpActivations<T>& kept,
                  std::span<const T> input, ops::Product mode,
                  const BlockTensors<tensor::SumOf<T>>& gradients, std::span<T> stream,
                  tensor::Arena& scratch);

}  // namespace gpt::model
