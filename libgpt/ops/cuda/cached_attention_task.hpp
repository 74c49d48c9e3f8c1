#pragma once

#include <cstdint>

#include "libgpt/tensor/cuda/language.hpp"

namespace gpt::ops::cuda {

// What the kernels of inference are given; ops::CachedAttentionShape says how it lies.
template <class V>
struct CachedAttention {
  int rows, heads, head_size, capacity;
  int qkv_stride, out_stride;  // elements of a row
  float scale;                 // of the scores
  const std::int32_t *slots, *positions;
  const V *qkv, *keys, *values;
  V* out;

  // Where the keys and the values of a head begin.
  __device__ std::int64_t cached(int slot, int head) const {
    return (std::int64_t{slot} * heads + head) * capacity * head_size;
  }
};

// Each row reads its keys and values; `most_keys` are the most that one has.
template <class V>
void launch_split_attention(const CachedAttention<V>& work, int most_keys);

// Rows of one slot share what they read, on the tensor cores: for Bf16 and F16 and the head sizes of
// tiled_attention_takes. Pays where a slot has many rows.
template <class V>
void launch_tiled_cached_attention(const CachedAttention<V>& work);

}  // namespace gpt::ops::cuda
