#pragma once

#include <cstdint>
#include <span>

#include "libgpt/ops/philox.hpp"
#include "libgpt/tensor/element.hpp"

namespace gpt::ops {

// Causal attention of a batch: softmax(Q K^T / sqrt(head size)) V for each sequence and head, where query i
// sees keys attend_from[i] .. i.
struct AttentionShape {
  std::int64_t sequences, length;
  std::int64_t heads;
  std::int64_t kv_heads;  // as many as heads, for now
  std::int64_t head_size;

  std::int64_t rows() const { return sequences * length; }
  std::int64_t out_width() const { return heads * head_size; }
  std::int64_t qkv_width() const { return (heads + 2 * kv_heads) * head_size; }
};

// Rows beside the activations themselves.
template <class T>
struct AttentionContext {
  std::span<const tensor::Beside<T, std::int32_t>> attend_from;  // [sequences, length], or empty: from 0
  Dropout dropout;                                               // of the probabilities
  std::span<const tensor::Beside<T, std::uint64_t>> samples;     // [sequences]; needed with dropout
  std::int64_t first_head = 0;  // which of the model's heads the first is; keys dropout
};

// qkv [rows, qkv_width]: in each row the heads of Q, then of K, then of V. out [rows, out_width].
// log_sum [sequences, heads, length] is kept for the backward pass; no matrix of probabilities is.
template <class T>
void attention_forward(const AttentionShape& shape, const AttentionContext<T>& context,
                       std::span<const T> qkv, std::span<T> out, std::span<tensor::SumOf<T>> log_sum);

// d_qkv is overwritten.
template <class T>
void attention_backward(const AttentionShape& shape, const AttentionContext<T>& context,
                        std::span<const T> qkv, std::span<const T> out,
                        std::span<const tensor::SumOf<T>> log_sum, std::span<const T> d_out,
                        std::span<T> d_qkv);

}  // namespace gpt::ops
