#pragma once

// How the kernels of a norm share out rows: a row in the registers of a warp or of a block.
#include "libgpt/ops/cuda/elementwise.hpp"
#include "libgpt/ops/cuda/reduce.hpp"

namespace gpt::ops::cuda {

// Threads threads share a row, each with Packs packs of it: thread t has packs t, t + Threads, ... Rows of a
// warp stand side by side in a block; a wider row has a block of its own.
template <class V, int Threads_, int Packs_>
struct RowInRegisters {
  static constexpr int kThreads = Threads_;
  static constexpr int kPacks = Packs_;
  static constexpr int kWidth = kPack<V>;
  static constexpr int kBlock = kThreads == kWarp ? 256 : kThreads;
  static constexpr int kRows = kBlock / kThreads;  // of a block
  static_assert(kThreads % kWarp == 0);
};

// The sums over a row's threads, the same in all of them.
template <class Row>
__device__ __forceinline__ float2 row_sums(float2 x) {
  x.x = warp_sum(x.x);
  x.y = warp_sum(x.y);
  if constexpr (Row::kThreads != kWarp) {
    constexpr int kWarps = Row::kThreads / kWarp;
    GPT_SHARED(float2[kWarps], scratch);
    if (lane_index() == 0) scratch[warp_index()] = x;
    __syncthreads();
    const float2 part = lane_index() < kWarps ? scratch[lane_index()] : make_float2(0, 0);
    x = make_float2(warp_sum(part.x), warp_sum(part.y));
    __syncthreads();
  }
  return x;
}

// Calls body with the narrowest RowInRegisters that holds rows of `columns`, and returns true; or returns
// false where none does, because rows are too wide or do not consist of whole packs that lie so. A thread
// never has more than 64 bytes of a row: the backward pass keeps three such pieces, and two sums an element.
template <class V, class Body>
bool with_row_in_registers(bool packs, i64 columns, const Body& body) {
  if (!packs || columns % kPack<V> != 0) return false;
  const auto fits = [&]<int Threads, int Packs>() {
    if (columns > i64{Threads} * Packs * kPack<V>) return false;
    body(RowInRegisters<V, Threads, Packs>{});
    return true;
  };
  return fits.template operator()<32, 1>() || fits.template operator()<32, 2>() ||
         fits.template operator()<32, 3>() || fits.template operator()<32, 4>() ||
         fits.template operator()<128, 2>() || fits.template operator()<128, 4>() ||
         fits.template operator()<512, 2>() || fits.template operator()<512, 4>();
}

}  // namespace gpt::ops::cuda
