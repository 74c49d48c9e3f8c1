#pragma once

#include "libgpt/ops/cached_attention.hpp"
#include "libgpt/ops/shape_error.hpp"

namespace gpt::ops {

// What append_to_cache and cached_attention are given belongs together. Throws ShapeError.
template <class T>
void check_cache_rows(const char* op, const CachedAttentionShape& s, const CacheRows<T>& rows,
                      std::size_t qkv, std::size_t keys, std::size_t values) {
  check_elements(op, "slots", rows.slots.size(), s.rows);
  check_elements(op, "positions", rows.positions.size(), s.rows);
  check_elements(op, "qkv", qkv, s.rows, s.qkv_width());
  check_elements(op, "keys", keys, s.slots * s.heads * s.capacity, s.head_size);
  check_elements(op, "values", values, s.slots * s.heads * s.capacity, s.head_size);
}

}  // namespace gpt::ops
