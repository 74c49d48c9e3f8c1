#pragma once

#include "libgpt/ops/cuda/attention_scores.hpp"
#include "libgpt/ops/cuda/attention_task.hpp"
#include "libgpt/ops/cuda/attention_tile.hpp"
#include "libgpt/ops/cuda/running_softmax.hpp"

// Causal attention on the tensor cores, after "FlashAttention-2: faster attention with better parallelism and
// work partitioning" (Dao, arXiv 2307.08691).
namespace gpt::ops::cuda {

// A block has 128 queries of one head and walks over tiles of 64 keys, from its last one to the first. A warp
// has 32 queries: each operand read from shared memory then serves four products, which is what keeps the
// reads behind the tensor cores.
template <int kHead>
struct ForwardTiles {
  static constexpr int kWarps = 4, kThreads = 32 * kWarps;
  static constexpr int kM = 2;
  static constexpr int kQueries = 16 * kM * kWarps;
  static constexpr int kKeys = 64;
  // Queries stay in registers where these last beside 64 scores and kHead sums a thread: with heads of 64 it
  // takes 230 of the 255 that two blocks a multiprocessor leave; without, 228 with heads of 80, 240 of 96,
  // 255 of 128, and nothing is spilled (nvcc 13.0 for sm_90; with dropout up to 100 bytes are).
  static constexpr bool kQueriesInRegisters = kHead <= 64;
  // With two stages a tile of keys and values is on its way while the one before is worked on, with one
  // barrier a tile. Rows of 256 bytes have one stage, in which keys and values take turns, so that two blocks
  // still fit the 163 KiB of an A100.
  static constexpr int kStages = kHead <= 96 ? 2 : 1;
  static constexpr int kTileBytes = TileLayout<kHead>::bytes(kKeys);
  static constexpr int kQueryBytes = TileLayout<kHead>::bytes(kQueries);
  static constexpr int kSharedBytes = kQueryBytes + kStages * 2 * kTileBytes;
};

template <class V, int kHead, Dropping kDropping>
__global__ void __launch_bounds__(ForwardTiles<kHead>::kThreads, 2)
    tiled_forward_kernel(const AttentionForward<V> work) {
  using Tiles = ForwardTiles<kHead>;
  constexpr int kM = Tiles::kM, kKeys = Tiles::kKeys;
  GPT_DYNAMIC_SHARED(unsigned char, shared);
  GPT_SHARED(int[Tiles::kWarps], least_of_warp);
  // Queries first, then the stages of keys, then those of values.
  constexpr int kKeyTiles = Tiles::kQueryBytes;
  constexpr int kValueTiles = kKeyTiles + Tiles::kStages * Tiles::kTileBytes;

  const AttentionTask<V>& task = work.task;
  const HeadPlace place{static_cast<int>(blockIdx.y), static_cast<int>(blockIdx.z)};
  const int lane = lane_index();
  const int warp = warp_index();
  // The last queries see the most keys: first come, longest work.
  const int first_query = static_cast<int>(gridDim.x - 1 - blockIdx.x) * Tiles::kQueries;
  const int warp_row = 16 * kM * warp;
  const int warp_query = first_query + warp_row;
  const V* const queries = task.qkv + place.qkv(task);
  const V* const keys = queries + task.out_stride;
  const V* const values = keys + task.out_stride;
  const std::int32_t* const attend_from = place.attend_from(task);

  const auto load_keys = [&](int key, int stage) {
    load_tile<kHead, kKeys, Tiles::kThreads>(shared + kKeyTiles + stage * Tiles::kTileBytes,
                                             keys + std::int64_t{key} * task.qkv_stride, task.qkv_stride,
                                             task.length - key, task.head_size);
  };
  const auto load_values = [&](int key, int stage) {
    load_tile<kHead, kKeys, Tiles::kThreads>(shared + kValueTiles + stage * Tiles::kTileBytes,
                                             values + std::int64_t{key} * task.qkv_stride, task.qkv_stride,
                                             task.length - key, task.head_size);
  };

  int key = (min(first_query + Tiles::kQueries, task.length) - 1) / kKeys * kKeys;
  load_tile<kHead, Tiles::kQueries, Tiles::kThreads>(
      shared, queries + std::int64_t{first_query} * task.qkv_stride, task.qkv_stride,
      task.length - first_query, task.head_size);
  load_keys(key, 0);
  if constexpr (Tiles::kStages == 2) load_values(key, 0);
  tensor::cp_async_commit();

  const FirstKeys warp_first = first_keys_of_warp(attend_from, warp_query, task.length, lane);
  const int first_key =
      attend_from == nullptr
          ? 0
          : least_of_block<Tiles::kWarps>(warp_first.least, least_of_warp, warp, lane) / kKeys * kKeys;

  const float scale = task.scale * kLog2E;
  Accumulators<kM, kHead / 8> out;
  RunningSoftmax<kM> softmax;
  out.clear();
  softmax.clear();
  const LaneOffsets<kHead> lanes(lane);
  const int query_at = warp_row * TileLayout<kHead>::kPitch * 16 + lanes.a;
  RowsInRegisters<kHead, kM> kept_queries;
  if constexpr (Tiles::kQueriesInRegisters) {
    tensor::cp_async_wait<0>();
    __syncthreads();
    kept_queries.load({{shared, query_at}});
  }

  for (int stage = 0; key >= first_key; key -= kKeys) {
    tensor::cp_async_wait<0>();
    __syncthreads();
    if constexpr (Tiles::kStages == 2) {
      if (key > first_key) {
        load_keys(key - kKeys, stage ^ 1);
        load_values(key - kKeys, stage ^ 1);
        tensor::cp_async_commit();
      }
    } else {
      load_values(key, 0);
      tensor::cp_async_commit();
    }

    const bool sees = key <= warp_query + 16 * kM - 1 && key + kKeys > warp_first.least;
    Accumulators<kM, kKeys / 8> scores;
    [[maybe_unused]] std::uint32_t dropped[kM];
    if (sees) {
      // Drawn before there are scores, which leave no registers for it.
      if constexpr (kDropping == Dropping::yes) {
        draw_dropped(dropped, task.dropout, place, warp_query, key, lane);
      }
      const LaneTile<kHead> tile{shared, opaque(kKeyTiles + stage * Tiles::kTileBytes + lanes.b)};
      if constexpr (Tiles::kQueriesInRegisters) {
        multiply_transposed<V, kHead>(scores, kept_queries, tile);
      } else {
        multiply_transposed<V, kHead>(scores, RowsInTile<kHead, kM>{{shared, opaque(query_at)}}, tile);
      }
      if (key + kKeys - 1 > warp_query || key < warp_first.most) {
        hide_keys(scores, attend_from, warp_query, task.length, key, lane);
      }
    }
    if constexpr (Tiles::kStages == 1) {
      tensor::cp_async_wait<0>();
      __syncthreads();
      if (key > first_key) {
        load_keys(key - kKeys, 0);
        tensor::cp_async_commit();
      }
    }
    if (sees) {
      softmax.add(scores, out, scale);
      if constexpr (kDropping == Dropping::yes) {
        scores.each([&](int m, int n, int half, int e, float& weight) {
          if ((dropped[m] >> (16 * half + 2 * n + e)) & 1u) weight = 0;
        });
      }
      const LaneTile<kHead> tile{shared, opaque(kValueTiles + stage * Tiles::kTileBytes + lanes.a)};
      add_product<V, kHead>(out, scores, tile);
    }
    if constexpr (Tiles::kStages == 2) stage ^= 1;
  }

  softmax.finish();
#pragma unroll
  for (int m = 0; m < kM; ++m) {
#pragma unroll
    for (int half = 0; half < 2; ++half) {
      const int query = warp_query + 16 * m + 8 * half + lane / 4;
      if (lane % 4 == 0 && query < task.length) {
        work.log_sum[place.row(task) + query] = softmax.top[m][half] * kLn2 + logf(softmax.sum[m][half]);
      }
    }
  }
  const float kept = kDropping == Dropping::yes ? task.dropout.draw.scale : 1.0F;
  store_rows<V, kHead>(out, shared, warp_row, lane,
                       work.out + place.out(task) + std::int64_t{warp_query} * task.out_stride,
                       task.out_stride, task.length - warp_query, task.head_size,
                       [&](int m, int half) { return kept / softmax.sum[m][half]; });
}

template <class V, int kHead>
void launch_forward_of_head(const AttentionForward<V>& work) {
  using Tiles = ForwardTiles<kHead>;
  const AttentionTask<V>& task = work.task;
  const dim3 grid(static_cast<unsigned>((task.length + Tiles::kQueries - 1) / Tiles::kQueries),
                  static_cast<unsigned>(task.heads), static_cast<unsigned>(task.sequences));
  tensor::launch(task.dropout.draw.threshold > 0 ? tiled_forward_kernel<V, kHead, Dropping::yes>
                                                 : tiled_forward_kernel<V, kHead, Dropping::no>,
                 grid, Tiles::kThreads, Tiles::kSharedBytes, tensor::compute_stream(), work);
}

template <class V>
void launch_tiled_forward(const AttentionForward<V>& work) {
  const int head = work.task.head_size;
  if (head <= 64) return launch_forward_of_head<V, 64>(work);
  if (head <= 80) return launch_forward_of_head<V, 80>(work);
  if (head <= 96) return launch_forward_of_head<V, 96>(work);
  launch_forward_of_head<V, 128>(work);
}

}  // namespace gpt::ops::cuda
