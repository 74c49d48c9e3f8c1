#pragma once

#include "libgpt/ops/cuda/attention_scores.hpp"
#include "libgpt/ops/cuda/attention_task.hpp"
#include "libgpt/ops/cuda/attention_tile.hpp"

// The gradient of the queries on the tensor cores. Together with attention_backward_keys.hpp this multiplies
// seven tiles for each tile of scores where one kernel for both would multiply five; but that one would have
// to add up the gradients of the queries in memory, in whatever order blocks come.
namespace gpt::ops::cuda {

// A block has 128 queries of one head and walks over tiles of keys. A thread keeps scores, gradients of
// probabilities and kHead gradients: 64 + 64 + 64, or 32 + 32 + kHead registers.
template <int kHead>
struct QueryGradientTiles {
  static constexpr int kWarps = 4, kThreads = 32 * kWarps;
  static constexpr int kM = 2;
  static constexpr int kQueries = 16 * kM * kWarps;
  static constexpr int kKeys = kHead <= 64 ? 64 : 32;
  static constexpr int kQueryBytes = TileLayout<kHead>::bytes(kQueries);
  static constexpr int kTileBytes = TileLayout<kHead>::bytes(kKeys);
  // Queries, gradients of outputs, two stages of keys, two of values.
  static constexpr int kSharedBytes = 2 * kQueryBytes + 4 * kTileBytes;
};

template <class V, int kHead, Dropping kDropping>
__global__ void __launch_bounds__(QueryGradientTiles<kHead>::kThreads, 2)
    tiled_backward_of_queries_kernel(const AttentionBackward<V> work) {
  using Tiles = QueryGradientTiles<kHead>;
  constexpr int kM = Tiles::kM, kKeys = Tiles::kKeys;
  GPT_DYNAMIC_SHARED(unsigned char, shared);
  GPT_SHARED(int[Tiles::kWarps], least_of_warp);
  constexpr int kDOutTile = Tiles::kQueryBytes;
  constexpr int kKeyTiles = 2 * Tiles::kQueryBytes;
  constexpr int kValueTiles = kKeyTiles + 2 * Tiles::kTileBytes;

  const AttentionTask<V>& task = work.task;
  const HeadPlace place{static_cast<int>(blockIdx.y), static_cast<int>(blockIdx.z)};
  const int lane = lane_index();
  const int warp = warp_index();
  const int first_query = static_cast<int>(gridDim.x - 1 - blockIdx.x) * Tiles::kQueries;
  const int warp_row = 16 * kM * warp;
  const int warp_query = first_query + warp_row;
  const V* const queries = task.qkv + place.qkv(task);
  const V* const keys = queries + task.out_stride;
  const V* const values = keys + task.out_stride;
  const std::int32_t* const attend_from = place.attend_from(task);

  const auto load_keys_and_values = [&](int key, int stage) {
    const std::int64_t row = std::int64_t{key} * task.qkv_stride;
    load_tile<kHead, kKeys, Tiles::kThreads>(shared + kKeyTiles + stage * Tiles::kTileBytes, keys + row,
                                             task.qkv_stride, task.length - key, task.head_size);
    load_tile<kHead, kKeys, Tiles::kThreads>(shared + kValueTiles + stage * Tiles::kTileBytes, values + row,
                                             task.qkv_stride, task.length - key, task.head_size);
  };

  int key = (min(first_query + Tiles::kQueries, task.length) - 1) / kKeys * kKeys;
  load_tile<kHead, Tiles::kQueries, Tiles::kThreads>(
      shared, queries + std::int64_t{first_query} * task.qkv_stride, task.qkv_stride,
      task.length - first_query, task.head_size);
  load_tile<kHead, Tiles::kQueries, Tiles::kThreads>(
      shared + kDOutTile, work.d_out + place.out(task) + std::int64_t{first_query} * task.out_stride,
      task.out_stride, task.length - first_query, task.head_size);
  load_keys_and_values(key, 0);
  tensor::cp_async_commit();

  const FirstKeys warp_first = first_keys_of_warp(attend_from, warp_query, task.length, lane);
  const int first_key =
      attend_from == nullptr
          ? 0
          : least_of_block<Tiles::kWarps>(warp_first.least, least_of_warp, warp, lane) / kKeys * kKeys;

  // Of each row: the logarithm of its sum of powers of two, and the correction. Rows behind the last get
  // probabilities 0.
  float log_sum[kM][2], correction[kM][2];
#pragma unroll
  for (int m = 0; m < kM; ++m) {
#pragma unroll
    for (int half = 0; half < 2; ++half) {
      const int query = warp_query + 16 * m + 8 * half + lane / 4;
      const bool there = query < task.length;
      log_sum[m][half] = there ? work.log_sum[place.row(task) + query] * kLog2E : INFINITY;
      correction[m][half] = there ? work.correction[place.row(task) + query] : 0;
    }
  }

  const float scale = task.scale * kLog2E;
  const LaneOffsets<kHead> lanes(lane);
  const int query_at = warp_row * TileLayout<kHead>::kPitch * 16 + lanes.a;
  Accumulators<kM, kHead / 8> d_query;
  d_query.clear();
  [[maybe_unused]] std::uint32_t dropped[kM];
  [[maybe_unused]] int drawn = -1;  // the group of keys that `dropped` tells about

  for (int stage = 0; key >= first_key; key -= kKeys, stage ^= 1) {
    tensor::cp_async_wait<0>();
    __syncthreads();
    if (key > first_key) {
      load_keys_and_values(key - kKeys, stage ^ 1);
      tensor::cp_async_commit();
    }
    if (key > warp_query + 16 * kM - 1 || key + kKeys <= warp_first.least) continue;

    if constexpr (kDropping == Dropping::yes) {
      if (key / kDropoutGroup != drawn) {
        drawn = key / kDropoutGroup;
        draw_dropped(dropped, task.dropout, place, warp_query, key, lane);
      }
    }
    const int stage_at = stage * Tiles::kTileBytes;
    Accumulators<kM, kKeys / 8> scores, d_weights;
    multiply_transposed<V, kHead>(scores, RowsInTile<kHead, kM>{{shared, opaque(query_at)}},
                                  LaneTile<kHead>{shared, opaque(kKeyTiles + stage_at + lanes.b)});
    if (key + kKeys - 1 > warp_query || key < warp_first.most) {
      hide_keys(scores, attend_from, warp_query, task.length, key, lane);
    }
    multiply_transposed<V, kHead>(d_weights, RowsInTile<kHead, kM>{{shared, opaque(kDOutTile + query_at)}},
                                  LaneTile<kHead>{shared, opaque(kValueTiles + stage_at + lanes.b)});
    [[maybe_unused]] const int bit = key % kDropoutGroup / 4;  // of the tile's first key
    scores.each([&](int m, int n, int half, int e, float& score) {
      float d_weight = d_weights.at[m][n][2 * half + e];
      if constexpr (kDropping == Dropping::yes) {
        d_weight =
            (dropped[m] >> (16 * half + 2 * n + e + bit)) & 1u ? 0 : d_weight * task.dropout.draw.scale;
      }
      score = tensor::fast_exp2(score * scale - log_sum[m][half]) * (d_weight - correction[m][half]);
    });
    add_product<V, kHead>(d_query, scores, LaneTile<kHead>{shared, opaque(kKeyTiles + stage_at + lanes.a)});
  }

  store_rows<V, kHead>(d_query, shared, warp_row, lane,
                       work.d_qkv + place.qkv(task) + std::int64_t{warp_query} * task.qkv_stride,
                       task.qkv_stride, task.length - warp_query, task.head_size,
                       [&](int, int) { return task.scale; });
}

template <class V, int kHead>
void launch_backward_of_queries_of_head(const AttentionBackward<V>& work) {
  using Tiles = QueryGradientTiles<kHead>;
  const AttentionTask<V>& task = work.task;
  const dim3 grid(static_cast<unsigned>((task.length + Tiles::kQueries - 1) / Tiles::kQueries),
                  static_cast<unsigned>(task.heads), static_cast<unsigned>(task.sequences));
  tensor::launch(task.dropout.draw.threshold > 0 ? tiled_backward_of_queries_kernel<V, kHead, Dropping::yes>
                                                 : tiled_backward_of_queries_kernel<V, kHead, Dropping::no>,
                 grid, Tiles::kThreads, Tiles::kSharedBytes, tensor::compute_stream(), work);
}

template <class V>
void launch_tiled_backward_of_queries(const AttentionBackward<V>& work) {
  const int head = work.task.head_size;
  if (head <= 64) return launch_backward_of_queries_of_head<V, 64>(work);
  if (head <= 80) return launch_backward_of_queries_of_head<V, 80>(work);
  if (head <= 96) return launch_backward_of_queries_of_head<V, 96>(work);
  launch_backward_of_queries_of_head<V, 128>(work);
}

}  // namespace gpt::ops::cuda
