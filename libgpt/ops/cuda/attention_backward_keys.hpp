#pragma once

#include "libgpt/ops/cuda/attention_dropout.hpp"
#include "libgpt/ops/cuda/attention_mask.hpp"
#include "libgpt/ops/cuda/attention_task.hpp"
#include "libgpt/ops/cuda/attention_tile.hpp"

// The gradients of the keys and values on the tensor cores. Scores are made transposed here, rows are keys,
// so that probabilities and gradients of scores are operands of the next products as they lie in registers.
namespace gpt::ops::cuda {

// A block has 128 keys of one head and walks over tiles of queries. A thread keeps scores, gradients of
// probabilities, and gradients of keys and of values: 32 + 32 + 64 + 64 registers, with heads of 64 as with
// those of 128, whose warps have 16 keys instead of 32.
template <int kHead>
struct KeyGradientTiles {
  static constexpr int kWarps = kHead <= 64 ? 4 : 8;
  static constexpr int kThreads = 32 * kWarps;
  static constexpr int kBlocks = kHead <= 64 ? 2 : 1;  // a multiprocessor
  static constexpr int kM = kHead <= 64 ? 2 : 1;
  static constexpr int kKeys = 16 * kM * kWarps;
  static constexpr int kQueries = kHead <= 64 ? 32 : 64;
  static constexpr int kKeyBytes = TileLayout<kHead>::bytes(kKeys);
  static constexpr int kTileBytes = TileLayout<kHead>::bytes(kQueries);
  static constexpr int kRowBytes = kQueries * 4;              // log_sum or correction
  static constexpr int kDroppedBytes = kQueries * kKeys / 8;  // a bit a pair
  // Keys, values; two stages each of queries, gradients of outputs, log_sum, correction and dropped pairs.
  static constexpr int kQueryTiles = 2 * kKeyBytes;
  static constexpr int kDOutTiles = kQueryTiles + 2 * kTileBytes;
  static constexpr int kRows = kDOutTiles + 2 * kTileBytes;
  static constexpr int kDropped = kRows + 4 * kRowBytes;
  static constexpr int kSharedBytes = kDropped + 2 * kDroppedBytes;
};

// Draws which pairs of a tile of kQueries queries and kKeys keys are dropped: bit `key % 16` of the short
// [query][key / 16]. Sixteen lanes draw a group of 64 keys of one query.
template <int kQueries, int kKeys, int kWarps>
__device__ __forceinline__ void draw_dropped_pairs(std::uint16_t* dropped, const ProbabilityDropout& dropout,
                                                   HeadPlace place, int query, int key, int warp, int lane) {
  static_assert(kKeys % kDropoutGroup == 0);
  constexpr int kGroups = kKeys / kDropoutGroup;
  lane = opaque(lane);
  for (int pair = 2 * warp + lane / 16; pair < kQueries * kGroups; pair += 2 * kWarps) {
    const int row = pair / kGroups;
    const int group = pair % kGroups;
    const DropoutRow drop_row = dropout_row(dropout, place, query + row);
    const int block = (key / kDropoutGroup + group) * kDropoutLanes + lane % 16;
    const DropoutWords words =
        dropout_words(dropout.draw, drop_row.counter, static_cast<u32>(block), drop_row.sample);
    unsigned drops[4];
#pragma unroll
    for (int word = 0; word < 4; ++word) {
      drops[word] = __ballot_sync(kAllLanes, words.of[word] < dropout.draw.threshold);
    }
    const int word = lane % 16;
    if (word < 4) {
      const unsigned of_word = word == 0 ? drops[0] : word == 1 ? drops[1] : word == 2 ? drops[2] : drops[3];
      dropped[row * (kKeys / 16) + group * 4 + word] =
          static_cast<std::uint16_t>(of_word >> (lane / 16 * 16));
    }
  }
}

// The first query behind all those that see keys first .. last_key, of which query `first` is one. `shared`
// has a place for each warp.
template <int kWarps>
__device__ __forceinline__ int end_of_queries(const std::int32_t* attend_from, int first, int last_key,
                                              int length, int* shared, int warp, int lane) {
  if (attend_from == nullptr) return length;
  int end = first + 1;
  for (int query = first + static_cast<int>(threadIdx.x); query < length; query += 32 * kWarps) {
    if (attend_from[query] <= last_key) end = query + 1;
  }
  end = __reduce_max_sync(kAllLanes, end);
  return -least_of_block<kWarps>(-end, shared, warp, lane);
}

// Scores of keys `key` on (rows) which queries `query` on (columns) do not see become minus infinity.
template <int kM, int kN>
__device__ __forceinline__ void hide_keys_of_columns(Accumulators<kM, kN>& scores,
                                                     const std::int32_t* attend_from, int key, int query,
                                                     int length, int lane) {
  lane = opaque(lane);
#pragma unroll
  for (int n = 0; n < kN; ++n) {
#pragma unroll
    for (int e = 0; e < 2; ++e) {
      const int column = query + 8 * n + 2 * (lane % 4) + e;
      const int origin = key + lane / 4;
      const int last = column - origin;
      const int from = first_key_of(attend_from, min(column, length - 1)) - origin;
#pragma unroll
      for (int m = 0; m < kM; ++m) {
#pragma unroll
        for (int half = 0; half < 2; ++half) {
          const int row = 16 * m + 8 * half;
          if (row > last || row < from) scores.at[m][n][2 * half + e] = -INFINITY;
        }
      }
    }
  }
}

template <class V, int kHead, Dropping kDropping>
__global__ void __launch_bounds__(KeyGradientTiles<kHead>::kThreads, KeyGradientTiles<kHead>::kBlocks)
    tiled_backward_of_keys_kernel(const AttentionBackward<V> work) {
  using Tiles = KeyGradientTiles<kHead>;
  constexpr int kM = Tiles::kM, kQueries = Tiles::kQueries;
  GPT_DYNAMIC_SHARED(unsigned char, shared);
  GPT_SHARED(int[Tiles::kWarps], end_of_warp);

  const AttentionTask<V>& task = work.task;
  const HeadPlace place{static_cast<int>(blockIdx.y), static_cast<int>(blockIdx.z)};
  const int lane = lane_index();
  const int warp = warp_index();
  // The first keys are seen by the most queries: first come, longest work.
  const int first_key = static_cast<int>(blockIdx.x) * Tiles::kKeys;
  const int warp_row = 16 * kM * warp;
  const int warp_key = first_key + warp_row;
  const V* const queries = task.qkv + place.qkv(task);
  const V* const keys = queries + task.out_stride + std::int64_t{first_key} * task.qkv_stride;
  const V* const d_out = work.d_out + place.out(task);
  const std::int32_t* const attend_from = place.attend_from(task);

  // To one stage each: queries `query` on, and what lies beside them.
  const auto load_queries = [&](int query, int stage) {
    const int count = task.length - query;
    load_tile<kHead, kQueries, Tiles::kThreads>(shared + Tiles::kQueryTiles + stage * Tiles::kTileBytes,
                                                queries + std::int64_t{query} * task.qkv_stride,
                                                task.qkv_stride, count, task.head_size);
    load_tile<kHead, kQueries, Tiles::kThreads>(shared + Tiles::kDOutTiles + stage * Tiles::kTileBytes,
                                                d_out + std::int64_t{query} * task.out_stride,
                                                task.out_stride, count, task.head_size);
    const int row = static_cast<int>(threadIdx.x) % kQueries;
    const std::int64_t from = place.row(task) + query + row;
    unsigned char* const to = shared + Tiles::kRows + 2 * stage * Tiles::kRowBytes + 4 * row;
    if (threadIdx.x < kQueries) {
      tensor::cp_async<4>(to, work.log_sum + from, row < count);
    } else if (threadIdx.x < 2 * kQueries) {
      tensor::cp_async<4>(to + Tiles::kRowBytes, work.correction + from, row < count);
    }
  };

  load_tile<kHead, Tiles::kKeys, Tiles::kThreads>(shared, keys, task.qkv_stride, task.length - first_key,
                                                  task.head_size);
  load_tile<kHead, Tiles::kKeys, Tiles::kThreads>(shared + Tiles::kKeyBytes, keys + task.out_stride,
                                                  task.qkv_stride, task.length - first_key, task.head_size);
  load_queries(first_key, 0);
  tensor::cp_async_commit();
  const int end = end_of_queries<Tiles::kWarps>(attend_from, first_key, first_key + Tiles::kKeys - 1,
                                                task.length, end_of_warp, warp, lane);

  const float scale = task.scale * kLog2E;
  const LaneOffsets<kHead> lanes(lane);
  const int key_at = warp_row * TileLayout<kHead>::kPitch * 16 + lanes.a;
  Accumulators<kM, kHead / 8> d_key, d_value;
  d_key.clear();
  d_value.clear();

  for (int query = first_key, stage = 0; query < end; query += kQueries, stage ^= 1) {
    [[maybe_unused]] const auto* const dropped =
        reinterpret_cast<std::uint16_t*>(shared + Tiles::kDropped + stage * Tiles::kDroppedBytes);
    if constexpr (kDropping == Dropping::yes) {
      // Two tiles ago was the last to read this stage, and a barrier ago.
      draw_dropped_pairs<kQueries, Tiles::kKeys, Tiles::kWarps>(
          reinterpret_cast<std::uint16_t*>(shared + Tiles::kDropped + stage * Tiles::kDroppedBytes),
          task.dropout, place, query, first_key, warp, lane);
    }
    tensor::cp_async_wait<0>();
    __syncthreads();
    if (query + kQueries < end) {
      load_queries(query + kQueries, stage ^ 1);
      tensor::cp_async_commit();
    }
    FirstKeys first_keys{0, 0};
    if (attend_from != nullptr) {
      first_keys = first_keys_of_warp(attend_from, query, task.length, lane);
      if constexpr (kQueries > 32) {
        const FirstKeys more = first_keys_of_warp(attend_from, query + 32, task.length, lane);
        first_keys = {min(first_keys.least, more.least), max(first_keys.most, more.most)};
      }
    }
    if (query + kQueries <= warp_key || first_keys.least > warp_key + 16 * kM - 1) continue;

    const int stage_at = stage * Tiles::kTileBytes;
    const auto* const log_sums =
        reinterpret_cast<const float2*>(shared + Tiles::kRows + 2 * stage * Tiles::kRowBytes);
    const auto* const corrections = log_sums + kQueries / 2;
    Accumulators<kM, kQueries / 8> weights, d_scores;
    multiply_transposed<V, kHead>(weights, RowsInTile<kHead, kM>{{shared, opaque(key_at)}},
                                  LaneTile<kHead>{shared, opaque(Tiles::kQueryTiles + stage_at + lanes.b)});
    // Queries behind the last are rows of zeros, as are their gradients: they add nothing.
    if (query < warp_key + 16 * kM - 1 || first_keys.most > warp_key) {
      hide_keys_of_columns(weights, attend_from, warp_key, query, task.length, lane);
    }
    multiply_transposed<V, kHead>(d_scores,
                                  RowsInTile<kHead, kM>{{shared, opaque(Tiles::kKeyBytes + key_at)}},
                                  LaneTile<kHead>{shared, opaque(Tiles::kDOutTiles + stage_at + lanes.b)});
#pragma unroll
    for (int n = 0; n < kQueries / 8; ++n) {
      const float2 log_sum = log_sums[4 * n + lane % 4];
      const float2 correction = corrections[4 * n + lane % 4];
#pragma unroll
      for (int e = 0; e < 2; ++e) {
        const float top = (e == 0 ? log_sum.x : log_sum.y) * kLog2E;
        const float less = e == 0 ? correction.x : correction.y;
#pragma unroll
        for (int m = 0; m < kM; ++m) {
          [[maybe_unused]] unsigned drops = 0;
          if constexpr (kDropping == Dropping::yes) {
            drops =
                dropped[(8 * n + 2 * (lane % 4) + e) * (Tiles::kKeys / 16) + warp_row / 16 + m] >> (lane / 4);
          }
#pragma unroll
          for (int half = 0; half < 2; ++half) {
            float& weight = weights.at[m][n][2 * half + e];
            float& d_score = d_scores.at[m][n][2 * half + e];
            const float p = tensor::fast_exp2(weight * scale - top);
            weight = p;
            if constexpr (kDropping == Dropping::yes) {
              const bool drop = (drops >> (8 * half)) & 1u;
              weight = drop ? 0 : p;
              d_score = drop ? 0 : d_score * task.dropout.draw.scale;
            }
            d_score = p * (d_score - less);
          }
        }
      }
    }
    add_product<V, kHead>(d_value, weights,
                          LaneTile<kHead>{shared, opaque(Tiles::kDOutTiles + stage_at + lanes.a)});
    add_product<V, kHead>(d_key, d_scores,
                          LaneTile<kHead>{shared, opaque(Tiles::kQueryTiles + stage_at + lanes.a)});
  }

  V* const d_keys = work.d_qkv + place.qkv(task) + task.out_stride + std::int64_t{warp_key} * task.qkv_stride;
  const float kept = kDropping == Dropping::yes ? task.dropout.draw.scale : 1.0F;
  store_rows<V, kHead>(d_key, shared, warp_row, lane, d_keys, task.qkv_stride, task.length - warp_key,
                       task.head_size, [&](int, int) { return task.scale; });
  store_rows<V, kHead>(d_value, shared + Tiles::kKeyBytes, warp_row, lane, d_keys + task.out_stride,
                       task.qkv_stride, task.length - warp_key, task.head_size,
                       [&](int, int) { return kept; });
}

template <class V, int kHead>
void launch_backward_of_keys_of_head(const AttentionBackward<V>& work) {
  using Tiles = KeyGradientTiles<kHead>;
  const AttentionTask<V>& task = work.task;
  const dim3 grid(static_cast<unsigned>((task.length + Tiles::kKeys - 1) / Tiles::kKeys),
                  static_cast<unsigned>(task.heads), static_cast<unsigned>(task.sequences));
  tensor::launch(task.dropout.draw.threshold > 0 ? tiled_backward_of_keys_kernel<V, kHead, Dropping::yes>
                                                 : tiled_backward_of_keys_kernel<V, kHead, Dropping::no>,
                 grid, Tiles::kThreads, Tiles::kSharedBytes, tensor::compute_stream(), work);
}

template <class V>
void launch_tiled_backward_of_keys(const AttentionBackward<V>& work) {
  const int head = work.task.head_size;
  if (head <= 64) return launch_backward_of_keys_of_head<V, 64>(work);
  if (head <= 80) return launch_backward_of_keys_of_head<V, 80>(work);
  if (head <= 96) return launch_backward_of_keys_of_head<V, 96>(work);
  launch_backward_of_keys_of_head<V, 128>(work);
}

}  // namespace gpt::ops::cuda
