#pragma once

#include <cstdint>
#include <span>

#include "libgpt/tensor/element.hpp"

namespace gpt::ops {

// Inference: new tokens of several sequences against all tokens before them, whose keys and values are kept.
// Keys and values of one layer are [slots, heads, capacity, head_size], a slot a sequence. A row is one new
// token; rows of one slot stand together, at positions that follow each other.
struct CachedAttentionShape {
  std::int64_t rows;
  std::int64_t slots, heads, capacity, head_size;
  // What the host knows of the rows, to choose a way of computing and its sizes by. Results do not depend on
  // it beyond rounding.
  std::int64_t most_rows;  // of one slot, at most: 1 where every slot has one new token
  std::int64_t most_keys;  // that a row attends to, at most: 1 + the highest position, or more; <= capacity

  std::int64_t out_width() const { return heads * head_size; }
  std::int64_t qkv_width() const { return 3 * heads * head_size; }
  std::int64_t cache_size() const { return slots * heads * capacity * head_size; }
};

// Where each row's token stands.
template <class T>
struct CacheRows {
  std::span<const tensor::Beside<T, std::int32_t>> slots;      // [rows]
  std::span<const tensor::Beside<T, std::int32_t>> positions;  // [rows]
};

// Writes K and V of each row of qkv [rows, qkv_width] to its slot and position.
template <class T>
void append_to_cache(const CachedAttentionShape& shape, const CacheRows<T>& rows, std::span<const T> qkv,
                     std::span<T> keys, std::span<T> values);

// out [rows, out_width]: each row's Q attends to keys 0 .. its position of its slot. K and V of the rows are
// in the cache already.
template <class T>
void cached_attention(const CachedAttentionShape& shape, const CacheRows<T>& rows, std::span<const T> qkv,
                      std::span<const T> keys, std::span<const T> values, std::span<T> out);

}  // namespace gpt::ops
