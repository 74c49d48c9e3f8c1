#pragma once

#include <stdexcept>
#include <string>

#include "libgpt/ops/attention.hpp"
#include "libgpt/ops/shape_error.hpp"

namespace gpt::ops {

// What attention_forward and attention_backward are given belongs together. Throws ShapeError, or
// std::invalid_argument.
template <class T>
void check_attention(const AttentionShape& s, const AttentionContext<T>& context, std::size_t qkv,
                     std::size_t out, std::size_t log_sum) {
  if (s.kv_heads != s.heads) {
    throw std::invalid_argument("attention: " + std::to_string(s.kv_heads) + " key/value heads for " +
                                std::to_string(s.heads) + " query heads: only equal numbers are implemented");
  }
  check_elements("attention", "qkv", qkv, s.rows(), s.qkv_width());
  check_elements("attention", "out", out, s.rows(), s.out_width());
  check_elements("attention", "log_sum", log_sum, s.sequences * s.heads, s.length);
  if (!context.attend_from.empty()) {
    check_elements("attention", "attend_from", context.attend_from.size(), s.sequences, s.length);
  }
  if (context.dropout.active()) {
    check_elements("attention", "sample indices", context.samples.size(), s.sequences);
  }
}

}  // namespace gpt::ops
