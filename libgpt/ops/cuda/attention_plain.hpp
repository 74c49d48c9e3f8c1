#pragma once

#include "libgpt/ops/cuda/attention_dropout.hpp"
#include "libgpt/ops/cuda/attention_mask.hpp"
#include "libgpt/ops/cuda/attention_task.hpp"

// Attention in float arithmetic, for all element types and head sizes: tiles of 32 queries by 32 keys in
// shared memory as floats. Eight neighbouring lanes have one row of the tile; each has every eighth column of
// scores and every eighth channel of sums.
namespace gpt::ops::cuda {

constexpr int kPlainRows = 32, kPlainLanes = 8, kPlainThreads = kPlainRows * kPlainLanes;
constexpr int kPlainColumns = kPlainRows / kPlainLanes;  // of scores, a thread
constexpr int kWeightPitch = kPlainRows + 1;

// Floats between rows of a tile in shared memory: odd, so that a column's rows lie in different banks.
__device__ __host__ constexpr int plain_pitch(int head_size) { return head_size | 1; }

// Bytes of `tiles` tiles of rows and `weights` of scores.
constexpr int plain_shared_bytes(int head_size, int tiles, int weights) {
  return 4 * kPlainRows * (tiles * plain_pitch(head_size) + weights * kWeightPitch);
}

// The eight lanes of a row.
__device__ __forceinline__ float sum_of_row(float x) {
  for (int by = 1; by < kPlainLanes; by *= 2) x += __shfl_xor_sync(kAllLanes, x, by);
  return x;
}
__device__ __forceinline__ float max_of_row(float x) {
  for (int by = 1; by < kPlainLanes; by *= 2) x = fmaxf(x, __shfl_xor_sync(kAllLanes, x, by));
  return x;
}

// `count` rows of global memory into a tile; those behind them become 0.
template <class V>
__device__ void load_plain(float* tile, const V* rows, int stride, int count, int head_size) {
  const int pitch = plain_pitch(head_size);
  for (int i = static_cast<int>(threadIdx.x); i < kPlainRows * head_size; i += kPlainThreads) {
    const int row = i / head_size;
    const int channel = i % head_size;
    tile[row * pitch + channel] =
        row < count ? tensor::float_of(rows[std::int64_t{row} * stride + channel]) : 0.0F;
  }
}

struct PlainPlace {
  int row, lane;  // of the tile; lane: first column and first channel
  __device__ PlainPlace()
      : row(static_cast<int>(threadIdx.x) / kPlainLanes), lane(static_cast<int>(threadIdx.x) % kPlainLanes) {}
};

// products[j] = row of a . row (lane + 8 j) of b
__device__ __forceinline__ void multiply_plain(float (&products)[kPlainColumns], PlainPlace at,
                                               const float* a, const float* b, int head_size) {
  const int pitch = plain_pitch(head_size);
  for (float& product : products) product = 0;
  for (int channel = 0; channel < head_size; ++channel) {
    const float x = a[at.row * pitch + channel];
#pragma unroll
    for (int j = 0; j < kPlainColumns; ++j) {
      products[j] += x * b[(at.lane + kPlainLanes * j) * pitch + channel];
    }
  }
}

// sums[i] += sum over rows j of weights[row][j] * b[j][lane + 8 i]
template <int kChannels>
__device__ __forceinline__ void add_plain(float (&sums)[kChannels], PlainPlace at, const float* weights,
                                          const float* b, int head_size) {
  const int pitch = plain_pitch(head_size);
  for (int j = 0; j < kPlainRows; ++j) {
    const float weight = weights[at.row * kWeightPitch + j];
#pragma unroll
    for (int i = 0; i < kChannels; ++i) {
      const int channel = at.lane + kPlainLanes * i;
      if (channel < head_size) sums[i] += weight * b[j * pitch + channel];
    }
  }
}

template <class V, int kChannels>
__device__ __forceinline__ void store_plain(const float (&sums)[kChannels], PlainPlace at, V* row, float by,
                                            int head_size) {
#pragma unroll
  for (int i = 0; i < kChannels; ++i) {
    const int channel = at.lane + kPlainLanes * i;
    if (channel < head_size) row[channel] = tensor::element_of<V>(sums[i] * by);
  }
}

// 0 for a dropped probability, else its factor.
__device__ __forceinline__ float kept_or_dropped(const ProbabilityDropout& dropout, HeadPlace place,
                                                 int query, int key) {
  if (dropout.draw.threshold == 0) return 1;
  const DropoutRow row = dropout_row(dropout, place, query);
  const int block = key / kDropoutGroup * kDropoutLanes + key % kDropoutLanes;
  const DropoutWords words = dropout_words(dropout.draw, row.counter, static_cast<u32>(block), row.sample);
  return dropout_factor(dropout.draw, words.of[key % kDropoutGroup / kDropoutLanes]);
}

// The first key of all that the queries first ... of a tile see, at the start of a tile. Every warp finds out
// alone.
__device__ __forceinline__ int first_key_tile(const std::int32_t* attend_from, int first, int length) {
  const int lane = lane_index();
  return first_keys_of_warp(attend_from, first, length, lane).least / kPlainRows * kPlainRows;
}

template <class V, int kChannels>
__global__ void __launch_bounds__(kPlainThreads) plain_forward_kernel(const AttentionForward<V> work) {
  const AttentionTask<V>& task = work.task;
  const int head_size = task.head_size;
  const int pitch = plain_pitch(head_size);
  GPT_DYNAMIC_SHARED(float, shared);
  float* const queries = shared;
  float* const others = queries + kPlainRows * pitch;  // keys, then values
  float* const weights = others + kPlainRows * pitch;

  const PlainPlace at;
  const HeadPlace place{static_cast<int>(blockIdx.y), static_cast<int>(blockIdx.z)};
  const int first = static_cast<int>(gridDim.x - 1 - blockIdx.x) * kPlainRows;
  const int query = first + at.row;
  const V* const q = task.qkv + place.qkv(task);
  const V* const k = q + task.out_stride;
  const V* const v = k + task.out_stride;
  const std::int64_t stride = task.qkv_stride;
  const std::int32_t* const attend_from = place.attend_from(task);
  const int from = first_key_of(attend_from, min(query, task.length - 1));
  load_plain(queries, q + first * stride, task.qkv_stride, task.length - first, head_size);

  const float scale = task.scale * kLog2E;
  float top = -1e30F, sum = 0;
  float out[kChannels] = {};
  const int end = min(first + kPlainRows, task.length);
  for (int key = first_key_tile(attend_from, first, task.length); key < end; key += kPlainRows) {
    __syncthreads();
    load_plain(others, k + key * stride, task.qkv_stride, task.length - key, head_size);
    __syncthreads();
    float scores[kPlainColumns];
    multiply_plain(scores, at, queries, others, head_size);
    float seen = -INFINITY;
#pragma unroll
    for (int j = 0; j < kPlainColumns; ++j) {
      const int column = key + at.lane + kPlainLanes * j;
      scores[j] = column > query || column < from ? -INFINITY : scores[j] * scale;
      seen = fmaxf(seen, scores[j]);
    }
    const float next = fmaxf(top, max_of_row(seen));
    const float by = exp2f(top - next);
    top = next;
    sum *= by;
#pragma unroll
    for (int i = 0; i < kChannels; ++i) out[i] *= by;
#pragma unroll
    for (int j = 0; j < kPlainColumns; ++j) {
      const int column = at.lane + kPlainLanes * j;
      const float weight = exp2f(scores[j] - top);
      sum += weight;
      weights[at.row * kWeightPitch + column] =
          weight * kept_or_dropped(task.dropout, place, query, key + column);
    }
    __syncthreads();
    load_plain(others, v + key * stride, task.qkv_stride, task.length - key, head_size);
    __syncthreads();
    add_plain(out, at, weights, others, head_size);
  }
  sum = sum_of_row(sum);
  if (query >= task.length) return;
  if (at.lane == 0) work.log_sum[place.row(task) + query] = top * kLn2 + logf(sum);
  store_plain(out, at, work.out + place.out(task) + std::int64_t{query} * task.out_stride, 1 / sum,
              head_size);
}

// What the backward passes need of one pair of query and key: the dropped probability, and the gradient of
// the score before it was scaled.
struct PairGradient {
  float weight, d_score;
};
template <class V>
__device__ __forceinline__ PairGradient pair_gradient(const AttentionTask<V>& task, HeadPlace place,
                                                      int query, int key, int from, float score,
                                                      float d_weight, float log_sum, float correction) {
  if (query >= task.length || key > query || key < from) return {0, 0};
  const float kept = kept_or_dropped(task.dropout, place, query, key);
  const float p = expf(score * task.scale - log_sum);
  return {p * kept, p * (d_weight * kept - correction)};
}

template <class V, int kChannels>
__global__ void __launch_bounds__(kPlainThreads)
    plain_backward_of_queries_kernel(const AttentionBackward<V> work) {
  const AttentionTask<V>& task = work.task;
  const int head_size = task.head_size;
  const int tile = kPlainRows * plain_pitch(head_size);
  GPT_DYNAMIC_SHARED(float, shared);
  float* const queries = shared;
  float* const d_outs = queries + tile;
  float* const keys = d_outs + tile;
  float* const values = keys + tile;
  float* const d_scores = values + tile;

  const PlainPlace at;
  const HeadPlace place{static_cast<int>(blockIdx.y), static_cast<int>(blockIdx.z)};
  const int first = static_cast<int>(gridDim.x - 1 - blockIdx.x) * kPlainRows;
  const int query = first + at.row;
  const int known = min(query, task.length - 1);
  const V* const q = task.qkv + place.qkv(task);
  const V* const k = q + task.out_stride;
  const V* const v = k + task.out_stride;
  const std::int64_t stride = task.qkv_stride;
  const std::int32_t* const attend_from = place.attend_from(task);
  const int from = first_key_of(attend_from, known);
  const float log_sum = work.log_sum[place.row(task) + known];
  const float correction = work.correction[place.row(task) + known];
  load_plain(queries, q + first * stride, task.qkv_stride, task.length - first, head_size);
  load_plain(d_outs, work.d_out + place.out(task) + std::int64_t{first} * task.out_stride, task.out_stride,
             task.length - first, head_size);

  float d_query[kChannels] = {};
  const int end = min(first + kPlainRows, task.length);
  for (int key = first_key_tile(attend_from, first, task.length); key < end; key += kPlainRows) {
    __syncthreads();
    load_plain(keys, k + key * stride, task.qkv_stride, task.length - key, head_size);
    load_plain(values, v + key * stride, task.qkv_stride, task.length - key, head_size);
    __syncthreads();
    float scores[kPlainColumns], d_weights[kPlainColumns];
    multiply_plain(scores, at, queries, keys, head_size);
    multiply_plain(d_weights, at, d_outs, values, head_size);
#pragma unroll
    for (int j = 0; j < kPlainColumns; ++j) {
      const int column = at.lane + kPlainLanes * j;
      d_scores[at.row * kWeightPitch + column] =
          pair_gradient(task, place, query, key + column, from, scores[j], d_weights[j], log_sum, correction)
              .d_score;
    }
    __syncthreads();
    add_plain(d_query, at, d_scores, keys, head_size);
  }
  if (query >= task.length) return;
  store_plain(d_query, at, work.d_qkv + place.qkv(task) + query * stride, task.scale, head_size);
}

template <class V, int kChannels>
__global__ void __launch_bounds__(kPlainThreads)
    plain_backward_of_keys_kernel(const AttentionBackward<V> work) {
  const AttentionTask<V>& task = work.task;
  const int head_size = task.head_size;
  const int tile = kPlainRows * plain_pitch(head_size);
  GPT_DYNAMIC_SHARED(float, shared);
  float* const queries = shared;
  float* const d_outs = queries + tile;
  float* const keys = d_outs + tile;
  float* const values = keys + tile;
  float* const weights = values + tile;  // rows are keys here
  float* const d_scores = weights + kPlainRows * kWeightPitch;

  const PlainPlace at;
  const HeadPlace place{static_cast<int>(blockIdx.y), static_cast<int>(blockIdx.z)};
  const int first = static_cast<int>(blockIdx.x) * kPlainRows;
  const int key = first + at.row;
  const V* const q = task.qkv + place.qkv(task);
  const V* const k = q + task.out_stride;
  const V* const v = k + task.out_stride;
  const V* const d_out = work.d_out + place.out(task);
  const std::int64_t stride = task.qkv_stride;
  const std::int32_t* const attend_from = place.attend_from(task);
  load_plain(keys, k + first * stride, task.qkv_stride, task.length - first, head_size);
  load_plain(values, v + first * stride, task.qkv_stride, task.length - first, head_size);

  float d_key[kChannels] = {}, d_value[kChannels] = {};
  for (int query = first; query < task.length; query += kPlainRows) {
    // Queries of later documents see none of these keys.
    if (first_key_tile(attend_from, query, task.length) > first) continue;
    __syncthreads();
    load_plain(queries, q + query * stride, task.qkv_stride, task.length - query, head_size);
    load_plain(d_outs, d_out + std::int64_t{query} * task.out_stride, task.out_stride, task.length - query,
               head_size);
    __syncthreads();
    float scores[kPlainColumns], d_weights[kPlainColumns];
    multiply_plain(scores, at, keys, queries, head_size);
    multiply_plain(d_weights, at, values, d_outs, head_size);
#pragma unroll
    for (int j = 0; j < kPlainColumns; ++j) {
      const int column = at.lane + kPlainLanes * j;
      const int known = min(query + column, task.length - 1);
      const PairGradient pair = pair_gradient(
          task, place, query + column, key, first_key_of(attend_from, known), scores[j], d_weights[j],
          work.log_sum[place.row(task) + known], work.correction[place.row(task) + known]);
      weights[at.row * kWeightPitch + column] = pair.weight;
      d_scores[at.row * kWeightPitch + column] = pair.d_score;
    }
    __syncthreads();
    add_plain(d_value, at, weights, d_outs, head_size);
    add_plain(d_key, at, d_scores, queries, head_size);
  }
  if (key >= task.length) return;
  V* const d_key_row = work.d_qkv + place.qkv(task) + key * stride + task.out_stride;
  store_plain(d_key, at, d_key_row, task.scale, head_size);
  store_plain(d_value, at, d_key_row + task.out_stride, 1, head_size);
}

// A warp a row.
template <class V>
__global__ void attention_correction_kernel(const AttentionBackward<V> work) {
  const AttentionTask<V>& task = work.task;
  const int lane = lane_index();
  const int query = static_cast<int>((blockIdx.x * blockDim.x + threadIdx.x) / 32);
  if (query >= task.length) return;
  const HeadPlace place{static_cast<int>(blockIdx.y), static_cast<int>(blockIdx.z)};
  const std::int64_t row = place.out(task) + std::int64_t{query} * task.out_stride;
  float sum = 0;
  for (int channel = lane; channel < task.head_size; channel += 32) {
    sum += tensor::float_of(work.out[row + channel]) * tensor::float_of(work.d_out[row + channel]);
  }
  sum = warp_sum(sum);
  if (lane == 0) work.correction[place.row(task) + query] = sum;
}

// body<channels of a thread>()
template <class Body>
void with_plain_channels(int head_size, Body body) {
  if (head_size <= 8 * kPlainLanes) return body.template operator()<8>();
  if (head_size <= 16 * kPlainLanes) return body.template operator()<16>();
  body.template operator()<kLargestHead / kPlainLanes>();
}

template <class V>
dim3 plain_grid(const AttentionTask<V>& task, int rows) {
  return {static_cast<unsigned>((task.length + rows - 1) / rows), static_cast<unsigned>(task.heads),
          static_cast<unsigned>(task.sequences)};
}

template <class V>
void launch_plain_forward(const AttentionForward<V>& work) {
  with_plain_channels(work.task.head_size, [&]<int kChannels> {
    tensor::launch(plain_forward_kernel<V, kChannels>, plain_grid(work.task, kPlainRows), kPlainThreads,
                   plain_shared_bytes(work.task.head_size, 2, 1), tensor::compute_stream(), work);
  });
}

template <class V>
void launch_plain_backward(const AttentionBackward<V>& work) {
  with_plain_channels(work.task.head_size, [&]<int kChannels> {
    const dim3 grid = plain_grid(work.task, kPlainRows);
    tensor::launch(plain_backward_of_queries_kernel<V, kChannels>, grid, kPlainThreads,
                   plain_shared_bytes(work.task.head_size, 4, 1), tensor::compute_stream(), work);
    tensor::launch(plain_backward_of_keys_kernel<V, kChannels>, grid, kPlainThreads,
                   plain_shared_bytes(work.task.head_size, 4, 2), tensor::compute_stream(), work);
  });
}

template <class V>
void launch_attention_correction(const AttentionBackward<V>& work) {
  constexpr int kWarps = 8;
  tensor::launch(attention_correction_kernel<V>, plain_grid(work.task, kWarps), 32 * kWarps, 0,
                 tensor::compute_stream(), work);
}

}  // namespace gpt::ops::cuda
