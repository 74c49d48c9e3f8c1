#pragma once

#include <span>

#include "libgpt/model/pass.hpp"
#include "libgpt/tensor/arena.hpp"

namespace gpt::model {

// What a LayerNorm of the stream keeps for its backward pass.
template <class T>
struct NormActivations {
  std::span<T> output;               // a stream
  std::span<tensor::SumOf<T>> mean;  // [stream rows]
  std::span<tensor::SumOf<T>> inverse_deviation;

  static NormActivations take(const Pass<T>& pass, tensor::Arena& arena) {
    const auto rows = static_cast<std::size_t>(pass.stream_rows());
    return {arena.take<T>(pass.stream_size()), arena.take<tensor::SumOf<T>>(rows),
            arena.take<tensor::SumOf<T>>(rows)};
  }
};

template <class T>
void norm_forward(const Pass<T>& pass, std::span<const T> input, std::span<const T> weight,
                  std::span<const T> bias, const NormActivations<T>& kept) {
  ops::layer_norm_forward<T>(pass.norm_shape(), pass.config.layernorm_epsilon, input, weight, bias,
                             kept.output, kept.mean, kept.inverse_deviation);
}

// stream: in, the gradient of what the norm's input also flows to; out, with the norm's own added.
template <class T>
void norm_backward(const Pass<T>& pass, const NormActivations<T>& kept, std::span<const T> d_output,
                   std::span<const T> input, std::span<const T> weight, ops::Product mode,
                   std::span<T> stream, std::span<tensor::SumOf<T>> d_weight,
                   std::span<tensor::SumOf<T>> d_bias) {
  ops::layer_norm_backward<T>(pass.norm_shape(), d_output, input, weight, kept.mean, kept.inverse_deviation,
                              stream, stream, mode, d_weight, d_bias);
}

}  // namespace gpt::model
