#pragma once

#include <algorithm>
#include <cmath>

#include "libgpt/ops/cuda/cached_attention_task.hpp"
#include "libgpt/ops/cuda/reduce.hpp"
#include "libgpt/tensor/device.hpp"

// Attention of single rows to a cache. What it costs is reading the cache: once, 16 bytes a lane, by enough
// blocks to keep the whole device reading, for which the keys of a row are split among blocks. Parts are put
// together in a fixed order.
namespace gpt::ops::cuda {

constexpr int kSplitWarps = 4, kSplitThreads = 32 * kSplitWarps;
constexpr int kMostChannels = 256;

// Weights of some keys, relative to 2^top, and values weighted by them.
template <int kValues>
struct PartialAttention {
  float top, sum;
  float out[kValues];

  __device__ __forceinline__ void clear() {
    top = -1e30F;  // finite: no keys weigh 0, not NaN
    sum = 0;
#pragma unroll
    for (float& value : out) value = 0;
  }
  // Takes what was there to a new top and returns by how much.
  __device__ __forceinline__ void raise(float to) {
    const float by = exp2f(top - to);
    top = to;
    sum *= by;
#pragma unroll
    for (float& value : out) value *= by;
  }
  // What two groups of lanes have becomes the sum in both.
  __device__ __forceinline__ void add_lane(int away) {
    raise(fmaxf(top, __shfl_xor_sync(kAllLanes, top, away)));
    sum += __shfl_xor_sync(kAllLanes, sum, away);
#pragma unroll
    for (float& value : out) value += __shfl_xor_sync(kAllLanes, value, away);
  }
};

// kWidth elements as they lie in memory.
template <class V, int kWidth>
struct alignas(sizeof(V) * kWidth) Elements {
  V at[kWidth];
};

// How lanes share a key: kLanes of them have kPacks times kWidth channels each.
template <class V, int kWidth_, int kLanes_, int kPacks_>
struct KeySharing {
  static constexpr int kWidth = kWidth_, kLanes = kLanes_, kPacks = kPacks_;
  static constexpr int kGroups = 32 / kLanes;                            // keys a warp reads at once
  static constexpr int kRounds = kPacks == 1 ? 4 : kPacks == 2 ? 2 : 1;  // of such reads under way
  static constexpr int kKeys = kGroups * kRounds;
  using Pack = Elements<V, kWidth>;

  // The channels of a lane, of one row; zeros where the head has no more, or `there` is false.
  __device__ static __forceinline__ void read(Pack (&packs)[kPacks], const V* row, int head_size, int lane,
                                              bool there) {
#pragma unroll
    for (int p = 0; p < kPacks; ++p) {
      const int channel = (p * kLanes + lane) * kWidth;
      if (there && channel < head_size) {
        packs[p] = *reinterpret_cast<const Pack*>(row + channel);
      } else {
#pragma unroll
        for (V& element : packs[p].at) element = tensor::element_of<V>(0);
      }
    }
  }
};

// Weights and values of keys begin .. end - 1 for one query, whose channels of this lane `query` are. A
// warp's lanes with equal channels have different keys.
template <class V, class Sharing>
__device__ __forceinline__ PartialAttention<Sharing::kPacks * Sharing::kWidth> attend_to_keys(
    const float (&query)[Sharing::kPacks * Sharing::kWidth], const V* keys, const V* values, int head_size,
    int begin, int end, int warp, int lane) {
  constexpr int kWidth = Sharing::kWidth, kPacks = Sharing::kPacks, kRounds = Sharing::kRounds;
  const int group = lane / Sharing::kLanes;
  const int in_key = lane % Sharing::kLanes;
  PartialAttention<kPacks * kWidth> part;
  part.clear();
  for (int first = begin + warp * Sharing::kKeys; first < end; first += kSplitWarps * Sharing::kKeys) {
    typename Sharing::Pack k[kRounds][kPacks], v[kRounds][kPacks];
#pragma unroll
    for (int round = 0; round < kRounds; ++round) {
      const int key = first + round * Sharing::kGroups + group;
      Sharing::read(k[round], keys + std::int64_t{key} * head_size, head_size, in_key, key < end);
    }
#pragma unroll
    for (int round = 0; round < kRounds; ++round) {
      const int key = first + round * Sharing::kGroups + group;
      Sharing::read(v[round], values + std::int64_t{key} * head_size, head_size, in_key, key < end);
    }
    float scores[kRounds];
    float most = part.top;
#pragma unroll
    for (int round = 0; round < kRounds; ++round) {
      float score = 0;
#pragma unroll
      for (int p = 0; p < kPacks; ++p) {
#pragma unroll
        for (int i = 0; i < kWidth; ++i) {
          score += query[p * kWidth + i] * tensor::float_of(k[round][p].at[i]);
        }
      }
#pragma unroll
      for (int away = Sharing::kLanes / 2; away > 0; away /= 2) {
        score += __shfl_xor_sync(kAllLanes, score, away);
      }
      scores[round] = first + round * Sharing::kGroups + group < end ? score : -INFINITY;
      most = fmaxf(most, scores[round]);
    }
    part.raise(most);
#pragma unroll
    for (int round = 0; round < kRounds; ++round) {
      const float weight = exp2f(scores[round] - part.top);
      part.sum += weight;
#pragma unroll
      for (int p = 0; p < kPacks; ++p) {
#pragma unroll
        for (int i = 0; i < kWidth; ++i) {
          part.out[p * kWidth + i] += weight * tensor::float_of(v[round][p].at[i]);
        }
      }
    }
  }
#pragma unroll
  for (int away = Sharing::kLanes; away < 32; away *= 2) part.add_lane(away);
  return part;
}

// A block has keys_a_split keys of one head of one row. With several splits, `parts` [rows, heads, splits,
// 2 + head_size] takes top, sum and values; with one, the result is complete.
template <class V, class Sharing>
__global__ void __launch_bounds__(kSplitThreads)
    split_attention_kernel(const CachedAttention<V> work, int keys_a_split, float* parts) {
  constexpr int kWidth = Sharing::kWidth, kPacks = Sharing::kPacks;
  GPT_SHARED(float[kSplitWarps][kMostChannels], outs);
  GPT_SHARED(float[kSplitWarps], tops);
  GPT_SHARED(float[kSplitWarps], sums);
  const int row = static_cast<int>(blockIdx.z);
  const int head = static_cast<int>(blockIdx.y);
  const int split = static_cast<int>(blockIdx.x);
  const int lane = lane_index();
  const int warp = warp_index();
  const int head_size = work.head_size;

  typename Sharing::Pack packs[kPacks];
  Sharing::read(packs, work.qkv + std::int64_t{row} * work.qkv_stride + head * head_size, head_size,
                lane % Sharing::kLanes, true);
  float query[kPacks * kWidth];
#pragma unroll
  for (int p = 0; p < kPacks; ++p) {
#pragma unroll
    for (int i = 0; i < kWidth; ++i) query[p * kWidth + i] = tensor::float_of(packs[p].at[i]) * work.scale;
  }
  const std::int64_t cached = work.cached(work.slots[row], head);
  const int begin = split * keys_a_split;
  const int end = min(begin + keys_a_split, work.positions[row] + 1);
  const auto part = attend_to_keys<V, Sharing>(query, work.keys + cached, work.values + cached, head_size,
                                               begin, end, warp, lane);
  if (lane < Sharing::kLanes) {
#pragma unroll
    for (int p = 0; p < kPacks; ++p) {
#pragma unroll
      for (int i = 0; i < kWidth; ++i) {
        const int channel = (p * Sharing::kLanes + lane) * kWidth + i;
        if (channel < head_size) outs[warp][channel] = part.out[p * kWidth + i];
      }
    }
  }
  if (lane == 0) {
    tops[warp] = part.top;
    sums[warp] = part.sum;
  }
  __syncthreads();

  float top = tops[0];
  for (int w = 1; w < kSplitWarps; ++w) top = fmaxf(top, tops[w]);
  float sum = 0;
  for (int w = 0; w < kSplitWarps; ++w) sum += sums[w] * exp2f(tops[w] - top);
  const std::int64_t place = (std::int64_t{row} * work.heads + head) * gridDim.x + split;
  float* const to_part = parts + place * (2 + head_size);
  for (int channel = static_cast<int>(threadIdx.x); channel < head_size; channel += kSplitThreads) {
    float value = 0;
    for (int w = 0; w < kSplitWarps; ++w) value += outs[w][channel] * exp2f(tops[w] - top);
    if (gridDim.x > 1) {
      to_part[2 + channel] = value;
    } else {
      work.out[std::int64_t{row} * work.out_stride + head * head_size + channel] =
          tensor::element_of<V>(value / sum);
    }
  }
  if (gridDim.x > 1 && threadIdx.x == 0) {
    to_part[0] = top;
    to_part[1] = sum;
  }
}

// A block has one head of one row, a thread a channel.
template <class V>
__global__ void join_splits_kernel(const CachedAttention<V> work, const float* parts, int splits) {
  const int row = static_cast<int>(blockIdx.y);
  const int head = static_cast<int>(blockIdx.x);
  const int pitch = 2 + work.head_size;
  const float* const own = parts + (std::int64_t{row} * work.heads + head) * splits * pitch;
  const int channel = static_cast<int>(threadIdx.x);
  if (channel >= work.head_size) return;
  float top = own[0];
  for (int split = 1; split < splits; ++split) top = fmaxf(top, own[split * pitch]);
  float sum = 0, value = 0;
  for (int split = 0; split < splits; ++split) {
    const float weight = exp2f(own[split * pitch] - top);
    sum += own[split * pitch + 1] * weight;
    value += own[split * pitch + 2 + channel] * weight;
  }
  work.out[std::int64_t{row} * work.out_stride + head * work.head_size + channel] =
      tensor::element_of<V>(value / sum);
}

// Four blocks for each multiprocessor of the largest devices, but no fewer than 64 keys for a block.
inline int splits_for(std::int64_t rows_and_heads, int most_keys) {
  constexpr std::int64_t kBlocks = 4 * 132, kFewestKeys = 64;
  const std::int64_t wanted = (kBlocks + rows_and_heads - 1) / rows_and_heads;
  return static_cast<int>(
      std::clamp<std::int64_t>(wanted, 1, std::max<std::int64_t>(1, most_keys / kFewestKeys)));
}

template <class V, class Sharing>
void launch_split_attention_of(const CachedAttention<V>& work, int most_keys) {
  const int wanted = splits_for(std::int64_t{work.rows} * work.heads, most_keys);
  const int keys_a_split = (most_keys + wanted - 1) / wanted;
  const int splits = (most_keys + keys_a_split - 1) / keys_a_split;
  float* parts = nullptr;
  if (splits > 1) {
    const std::size_t count = static_cast<std::size_t>(work.rows) * static_cast<std::size_t>(work.heads) *
                              static_cast<std::size_t>(splits) * static_cast<std::size_t>(2 + work.head_size);
    parts = reinterpret_cast<float*>(tensor::device().workspace(count * sizeof(float)));
  }
  const auto heads = static_cast<unsigned>(work.heads);
  const auto rows = static_cast<unsigned>(work.rows);
  tensor::launch(split_attention_kernel<V, Sharing>, dim3(static_cast<unsigned>(splits), heads, rows),
                 kSplitThreads, 0, tensor::compute_stream(), work, keys_a_split, parts);
  if (splits > 1) {
    tensor::launch(join_splits_kernel<V>, dim3(heads, rows),
                   static_cast<unsigned>((work.head_size + 31) / 32 * 32), 0, tensor::compute_stream(), work,
                   parts, splits);
  }
}

template <class V>
void launch_split_attention(const CachedAttention<V>& work, int most_keys) {
  constexpr int kWidth = static_cast<int>(16 / sizeof(V));
  const auto aligned = [](const V* address) { return reinterpret_cast<std::uintptr_t>(address) % 16 == 0; };
  const bool wide =
      work.head_size % kWidth == 0 && aligned(work.qkv) && aligned(work.keys) && aligned(work.values);
  if (!wide) return launch_split_attention_of<V, KeySharing<V, 1, 32, kMostChannels / 32>>(work, most_keys);
  const int packs = work.head_size / kWidth;
  if (packs <= 8) return launch_split_attention_of<V, KeySharing<V, kWidth, 8, 1>>(work, most_keys);
  if (packs <= 16) return launch_split_attention_of<V, KeySharing<V, kWidth, 16, 1>>(work, most_keys);
  if (packs <= 32) return launch_split_attention_of<V, KeySharing<V, kWidth, 32, 1>>(work, most_keys);
  if constexpr (sizeof(V) == 4) launch_split_attention_of<V, KeySharing<V, kWidth, 32, 2>>(work, most_keys);
}

}  // namespace gpt::ops::cuda
