#pragma once

#include "libgpt/ops/cpu/kernels/dropout_mask.hpp"
#include "libgpt/ops/cpu/kernels/elementwise.hpp"
#include "libgpt/ops/cpu/kernels/product.hpp"
#include "libgpt/ops/cpu/kernels/vector_math.hpp"

namespace gpt::ops::cpu {
namespace {

// Queries are taken in tiles whose scores against all keys fit the second-level cache: 32 x 1024 floats are
// 128 KiB. Keys are transposed once a head, in blocks whose columns fill the registers of a product.
constexpr i64 kQueryTile = 32;
constexpr i64 kKeyBlock = 64;

inline i64 key_blocks(i64 keys) { return (keys + kKeyBlock - 1) / kKeyBlock; }

template <class T>
struct AttentionWorkspace {
  T* keys;    // [block][head size][kKeyBlock]: keys transposed, zeros behind the last
  T* values;  // likewise; only the backward pass needs it
  T* scores;  // [kQueryTile][key blocks * kKeyBlock]
  T* gradients;
};

inline i64 workspace_elements(i64 keys, i64 head_size) {
  return 2 * key_blocks(keys) * kKeyBlock * (head_size + kQueryTile);
}

template <class T>
AttentionWorkspace<T> cut_workspace(T* memory, i64 keys, i64 head_size) {
  const i64 padded = key_blocks(keys) * kKeyBlock;
  return {memory, memory + padded * head_size, memory + 2 * padded * head_size,
          memory + padded * (2 * head_size + kQueryTile)};
}

template <class T>
void transpose_in_blocks(const T* rows, i64 stride, i64 count, i64 head_size, T* out) {
  for (i64 block = 0; block < key_blocks(count); ++block) {
    T* const target = out + block * head_size * kKeyBlock;
    const i64 first = block * kKeyBlock;
    const i64 filled = count - first < kKeyBlock ? count - first : kKeyBlock;
    for (i64 d = 0; d < head_size; ++d) {
      for (i64 j = 0; j < filled; ++j) target[d * kKeyBlock + j] = rows[(first + j) * stride + d];
      for (i64 j = filled; j < kKeyBlock; ++j) target[d * kKeyBlock + j] = T{0};
    }
  }
}

// out[tile rows][keys up to key_end, rounded up to a block] = rows . transposed
template <class T>
void multiply_transposed(const T* rows, i64 stride, i64 count, const T* transposed, i64 head_size,
                         i64 key_end, T* out, i64 out_stride) {
  for (i64 block = 0; block < key_blocks(key_end); ++block) {
    product_tile<T>({count, kKeyBlock, head_size, rows, stride, 1, transposed + block * head_size * kKeyBlock,
                     kKeyBlock, out + block * kKeyBlock, out_stride, false});
  }
}

// The keys that one query sees: [first, end).
struct KeyRange {
  i64 first, end;
};
template <class T>
inline KeyRange keys_of(const AttentionHead<T>& h, i64 query) {
  return {h.attend_from == nullptr ? 0 : h.attend_from[query], h.keys - h.queries + query + 1};
}

template <class T>
void apply_dropout(const AttentionHead<T>& h, i64 query, T* row, i64 columns) {
  if (h.dropout) dropout_row(row, row, columns, next_row(h.dropout_row, query));
}

// Scores become probabilities; keys the query does not see, up to key_end, become 0. Returns the log of the
// denominator, maximum included.
template <class T>
T softmax_row(T* scores, KeyRange range, i64 key_end, T scale) {
  T largest = scores[range.first];
#pragma omp simd reduction(max : largest)
  for (i64 j = range.first; j < range.end; ++j) largest = scores[j] > largest ? scores[j] : largest;
  T sum = 0;
#pragma omp simd reduction(+ : sum)
  for (i64 j = range.first; j < range.end; ++j) {
    const T e = exponential_of((scores[j] - largest) * scale);
    scores[j] = e;
    sum += e;
  }
  const T inverse = T{1} / sum;
#pragma omp simd
  for (i64 j = range.first; j < range.end; ++j) scores[j] *= inverse;
  for (i64 j = 0; j < range.first; ++j) scores[j] = T{0};
  for (i64 j = range.end; j < key_end; ++j) scores[j] = T{0};
  return largest * scale + static_cast<T>(__builtin_log(static_cast<double>(sum)));
}

template <class T>
void attention_forward(const AttentionHead<T>& h) {
  const auto work = cut_workspace(h.workspace, h.keys, h.head_size);
  const i64 padded = key_blocks(h.keys) * kKeyBlock;
  transpose_in_blocks(h.k, h.k_stride, h.keys, h.head_size, work.keys);
  for (i64 first = 0; first < h.queries; first += kQueryTile) {
    const i64 count = h.queries - first < kQueryTile ? h.queries - first : kQueryTile;
    const i64 key_end = h.keys - h.queries + first + count;
    multiply_transposed(h.q + first * h.q_stride, h.q_stride, count, work.keys, h.head_size, key_end,
                        work.scores, padded);
    for (i64 i = 0; i < count; ++i) {
      T* const row = work.scores + i * padded;
      h.log_sum[first + i] = softmax_row(row, keys_of(h, first + i), key_end, h.scale);
      apply_dropout(h, first + i, row, key_end);
    }
    product_tile<T>({count, h.head_size, key_end, work.scores, padded, 1, h.v, h.v_stride,
                     h.out + first * h.out_stride, h.out_stride, false});
  }
}

// From scores and the gradients of the (dropped) probabilities to the dropped probabilities and the gradients
// of the scores, for one query. correction: sum over channels of out * d_out, which equals the sum over keys
// of probability * gradient.
template <class T>
void softmax_row_backward(const AttentionHead<T>& h, i64 query, i64 key_end, T correction, T* scores,
                          T* gradients) {
  const KeyRange range = keys_of(h, query);
  const T log_sum = h.log_sum[query];
  const T scale = h.scale;
  apply_dropout(h, query, gradients, key_end);
#pragma omp simd
  for (i64 j = range.first; j < range.end; ++j) {
    const T p = exponential_of(scores[j] * scale - log_sum);
    scores[j] = p;
    gradients[j] = p * (gradients[j] - correction) * scale;
  }
  for (i64 j = 0; j < range.first; ++j) scores[j] = gradients[j] = T{0};
  for (i64 j = range.end; j < key_end; ++j) scores[j] = gradients[j] = T{0};
  apply_dropout(h, query, scores, key_end);
}

template <class T>
void attention_backward(const AttentionHeadGradient<T>& g) {
  const AttentionHead<T>& h = g.forward;
  const auto work = cut_workspace(h.workspace, h.keys, h.head_size);
  const i64 padded = key_blocks(h.keys) * kKeyBlock;
  const i64 d = h.head_size;
  transpose_in_blocks(h.k, h.k_stride, h.keys, d, work.keys);
  transpose_in_blocks(h.v, h.v_stride, h.keys, d, work.values);
  for (i64 j = 0; j < h.keys; ++j) {
    for (i64 c = 0; c < d; ++c) g.d_k[j * g.d_stride + c] = g.d_v[j * g.d_stride + c] = T{0};
  }
  for (i64 first = 0; first < h.queries; first += kQueryTile) {
    const i64 count = h.queries - first < kQueryTile ? h.queries - first : kQueryTile;
    const i64 key_end = h.keys - h.queries + first + count;
    const T* const q = h.q + first * h.q_stride;
    const T* const d_out = g.d_out + first * g.d_out_stride;
    multiply_transposed(q, h.q_stride, count, work.keys, d, key_end, work.scores, padded);
    multiply_transposed(d_out, g.d_out_stride, count, work.values, d, key_end, work.gradients, padded);
    for (i64 i = 0; i < count; ++i) {
      const T correction = dot(h.out + (first + i) * h.out_stride, d_out + i * g.d_out_stride, d);
      softmax_row_backward(h, first + i, key_end, correction, work.scores + i * padded,
                           work.gradients + i * padded);
    }
    product_tile<T>({count, d, key_end, work.gradients, padded, 1, h.k, h.k_stride,
                     g.d_q + first * g.d_stride, g.d_stride, false});
    product_tile<T>({key_end, d, count, work.gradients, 1, padded, q, h.q_stride, g.d_k, g.d_stride, true});
    product_tile<T>(
        {key_end, d, count, work.scores, 1, padded, d_out, g.d_out_stride, g.d_v, g.d_stride, true});
  }
}

template <class T>
void attention_decode(const AttentionHead<T>& h) {
  for (i64 query = 0; query < h.queries; ++query) {
    const KeyRange range = keys_of(h, query);
    T* const scores = h.workspace;
    for (i64 j = range.first; j < range.end; ++j) {
      scores[j] = dot(h.q + query * h.q_stride, h.k + j * h.k_stride, h.head_size);
    }
    softmax_row(scores, range, range.end, h.scale);
    vector_matrix(scores + range.first, h.v + range.first * h.v_stride, h.v_stride,
                  h.out + query * h.out_stride, range.end - range.first, h.head_size, false);
  }
}

}  // namespace
}  // namespace gpt::ops::cpu
