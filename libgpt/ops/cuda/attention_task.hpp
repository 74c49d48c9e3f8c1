#pragma once

#include <cmath>
#include <cstdint>

#include "libgpt/ops/cuda/binary_exponent.hpp"
#include "libgpt/ops/cuda/dropout_bits.hpp"

// What the attention kernels are given. Lengths and widths of a row fit 32 bits; offsets of rows do not.
namespace gpt::ops::cuda {

// Dropout of probabilities: ops::Dropout says which bits an element reads.
struct ProbabilityDropout {
  DropoutDraw draw;
  const std::uint64_t* samples;  // [sequences]
  std::int64_t first_head;
};

enum class Dropping { no, yes };

template <class V>
struct AttentionTask {
  int sequences, length, heads, head_size;
  int qkv_stride, out_stride;       // elements of a row
  float scale;                      // of the scores
  const std::int32_t* attend_from;  // [sequences, length]; null: from 0
  ProbabilityDropout dropout;
  const V* qkv;
};

template <class V>
struct AttentionForward {
  AttentionTask<V> task;
  V* out;
  float* log_sum;
};

template <class V>
struct AttentionBackward {
  AttentionTask<V> task;
  const V* out;
  const float* log_sum;
  const V* d_out;
  float* correction;  // [sequences, heads, length]: sum over channels of out * d_out
  V* d_qkv;
};

// Where one head of one sequence lies.
struct HeadPlace {
  int head, sequence;

  // Element offsets of the head's first row.
  template <class V>
  __device__ std::int64_t qkv(const AttentionTask<V>& t) const {
    return std::int64_t{sequence} * t.length * t.qkv_stride + head * t.head_size;
  }
  template <class V>
  __device__ std::int64_t out(const AttentionTask<V>& t) const {
    return std::int64_t{sequence} * t.length * t.out_stride + head * t.head_size;
  }
  // Of log_sum and correction.
  template <class V>
  __device__ std::int64_t row(const AttentionTask<V>& t) const {
    return (std::int64_t{sequence} * t.heads + head) * t.length;
  }
  template <class V>
  __device__ const std::int32_t* attend_from(const AttentionTask<V>& t) const {
    return t.attend_from == nullptr ? nullptr : t.attend_from + std::int64_t{sequence} * t.length;
  }
};

// The launches; V: float, Bf16, F16. The tiled ones have the tensor cores multiply and take Bf16 and F16 with
// head sizes that tiled_attention_takes; the plain ones take everything up to kLargestHead.
constexpr int kLargestHead = 256;
constexpr bool tiled_attention_takes(std::int64_t head_size) {
  return head_size % 8 == 0 && head_size <= 128;
}

template <class V>
void launch_tiled_forward(const AttentionForward<V>& work);
template <class V>
void launch_tiled_backward_of_queries(const AttentionBackward<V>& work);
template <class V>
void launch_tiled_backward_of_keys(const AttentionBackward<V>& work);
template <class V>
void launch_plain_forward(const AttentionForward<V>& work);
template <class V>
void launch_plain_backward(const AttentionBackward<V>& work);
template <class V>
void launch_attention_correction(const AttentionBackward<V>& work);

}  // namespace gpt::ops::cuda
