#pragma once

#include "libgpt/ops/cuda/attention_task.hpp"
#include "libgpt/ops/cuda/attention_tile.hpp"
#include "libgpt/ops/cuda/cached_attention_task.hpp"
#include "libgpt/ops/cuda/running_softmax.hpp"

// Attention of many rows to a cache on the tensor cores: prompts.
namespace gpt::ops::cuda {

// A block has 64 rows and one head. It goes through the slots that its rows have, one after the other, and
// through each slot's keys in tiles of 64; rows of other slots see none of them.
template <int kHead>
struct CachedTiles {
  static constexpr int kWarps = 4, kThreads = 32 * kWarps;
  static constexpr int kRows = 16 * kWarps;
  static constexpr int kKeys = 64;
  static constexpr int kTileBytes = TileLayout<kHead>::bytes(kKeys);
  static constexpr int kSharedBytes = TileLayout<kHead>::bytes(kRows) + 2 * kTileBytes;
};

// Scores of keys `key` on become minus infinity where the row has another slot or an earlier position.
template <int kM, int kN>
__device__ __forceinline__ void hide_cached_keys(Accumulators<kM, kN>& scores, const int* slots,
                                                 const int* positions, int slot, int key, int first,
                                                 int lane) {
#pragma unroll
  for (int m = 0; m < kM; ++m) {
#pragma unroll
    for (int half = 0; half < 2; ++half) {
      const int row = first + 16 * m + 8 * half + lane / 4;
      const int last = slots[row] == slot ? positions[row] - key - 2 * (lane % 4) : -1;
#pragma unroll
      for (int n = 0; n < kN; ++n) {
#pragma unroll
        for (int e = 0; e < 2; ++e) {
          if (8 * n + e > last) scores.at[m][n][2 * half + e] = -INFINITY;
        }
      }
    }
  }
}

template <class V, int kHead>
__global__ void __launch_bounds__(CachedTiles<kHead>::kThreads)
    tiled_cached_attention_kernel(const CachedAttention<V> work) {
  using Tiles = CachedTiles<kHead>;
  constexpr int kKeyTile = TileLayout<kHead>::bytes(Tiles::kRows);
  constexpr int kValueTile = kKeyTile + Tiles::kTileBytes;
  GPT_DYNAMIC_SHARED(unsigned char, shared);
  GPT_SHARED(int[Tiles::kRows], slots);
  GPT_SHARED(int[Tiles::kRows], positions);
  const int head = static_cast<int>(blockIdx.y);
  const int lane = lane_index();
  const int warp = warp_index();
  // The last rows of a prompt see the most keys: first come, longest work.
  const int first_row = static_cast<int>(gridDim.x - 1 - blockIdx.x) * Tiles::kRows;
  const int count = min(Tiles::kRows, work.rows - first_row);
  const int warp_row = 16 * warp;

  load_tile<kHead, Tiles::kRows, Tiles::kThreads>(
      shared, work.qkv + std::int64_t{first_row} * work.qkv_stride + head * work.head_size, work.qkv_stride,
      count, work.head_size);
  tensor::cp_async_commit();
  if (threadIdx.x < Tiles::kRows) {
    const int row = static_cast<int>(threadIdx.x);
    slots[row] = row < count ? work.slots[first_row + row] : -1;
    positions[row] = row < count ? work.positions[first_row + row] : -1;
  }
  __syncthreads();

  const LaneOffsets<kHead> lanes(lane);
  const int query_at = warp_row * TileLayout<kHead>::kPitch * 16 + lanes.a;
  Accumulators<1, kHead / 8> out;
  RunningSoftmax<1> softmax;
  out.clear();
  softmax.clear();
  for (int run = 0, next = 0; run < count; run = next) {
    const int slot = slots[run];
    while (next < count && slots[next] == slot) ++next;
    const int keys = positions[next - 1] + 1;
    const std::int64_t cached = work.cached(slot, head);
    for (int key = 0; key < keys; key += Tiles::kKeys) {
      __syncthreads();
      const std::int64_t from = cached + std::int64_t{key} * work.head_size;
      load_tile<kHead, Tiles::kKeys, Tiles::kThreads>(shared + kKeyTile, work.keys + from, work.head_size,
                                                      keys - key, work.head_size);
      load_tile<kHead, Tiles::kKeys, Tiles::kThreads>(shared + kValueTile, work.values + from, work.head_size,
                                                      keys - key, work.head_size);
      tensor::cp_async_commit();
      tensor::cp_async_wait<0>();
      __syncthreads();
      if (warp_row >= next || warp_row + 16 <= run) continue;
      Accumulators<1, Tiles::kKeys / 8> scores;
      multiply_transposed<V, kHead>(scores, RowsInTile<kHead, 1>{{shared, opaque(query_at)}},
                                    LaneTile<kHead>{shared, opaque(kKeyTile + lanes.b)});
      hide_cached_keys(scores, slots, positions, slot, key, warp_row, lane);
      softmax.add(scores, out, work.scale);
      add_product<V, kHead>(out, scores, LaneTile<kHead>{shared, opaque(kValueTile + lanes.a)});
    }
  }
  softmax.finish();
  store_rows<V, kHead>(
      out, shared, warp_row, lane,
      work.out + std::int64_t{first_row + warp_row} * work.out_stride + head * work.head_size,
      work.out_stride, count - warp_row, work.head_size,
      [&](int m, int half) { return 1 / softmax.sum[m][half]; });
}

template <class V, int kHead>
void launch_tiled_cached_attention_of_head(const CachedAttention<V>& work) {
  using Tiles = CachedTiles<kHead>;
  tensor::launch(tiled_cached_attention_kernel<V, kHead>,
                 dim3(static_cast<unsigned>((work.rows + Tiles::kRows - 1) / Tiles::kRows),
                      static_cast<unsigned>(work.heads)),
                 Tiles::kThreads, Tiles::kSharedBytes, tensor::compute_stream(), work);
}

template <class V>
void launch_tiled_cached_attention(const CachedAttention<V>& work) {
  if (work.head_size <= 64) return launch_tiled_cached_attention_of_head<V, 64>(work);
  if (work.head_size <= 96) return launch_tiled_cached_attention_of_head<V, 96>(work);
  launch_tiled_cached_attention_of_head<V, 128>(work);
}

}  // namespace gpt::ops::cuda
