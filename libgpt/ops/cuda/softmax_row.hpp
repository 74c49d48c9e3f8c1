#pragma once

// The softmax of a row of logits by one block: its largest and its sum in one pass, as they come; and a
// second pass over the row, which is kept in shared memory where it fits.
#include <algorithm>

#include "libgpt/ops/cuda/binary_exponent.hpp"
#include "libgpt/ops/cuda/reduce.hpp"
#include "libgpt/ops/cuda/vector_access.hpp"

namespace gpt::ops::cuda {

constexpr int kSoftmaxThreads = 512;
constexpr int kSoftmaxWarps = kSoftmaxThreads / kWarp;

// e^x
__device__ __forceinline__ float exponential(float x) { return tensor::fast_exp2(x * kLog2E); }

// Of some of a row's logits: the largest, and the sum of e^(x - largest). It begins at the lowest finite
// number, so that logits of minus infinity count nothing; a logit that is no number, or infinity, makes the
// sum no number.
struct SoftmaxSum {
  float largest = -3.402823466e38F;
  float sum = 0;

  template <int Width>
  __device__ __forceinline__ void add(const Floats<Width>& x) {
    float most = x.at[0];
#pragma unroll
    for (int i = 1; i < Width; ++i) most = fmaxf(most, x.at[i]);
    const float next = fmaxf(largest, most);
    sum *= exponential(largest - next);
    largest = next;
#pragma unroll
    for (int i = 0; i < Width; ++i) sum += exponential(x.at[i] - next);
  }
};

// A sum of no logits leaves the other as it is, whatever the other is.
__device__ __forceinline__ SoftmaxSum joined(const SoftmaxSum& a, const SoftmaxSum& b) {
  SoftmaxSum both;
  both.largest = fmaxf(a.largest, b.largest);
  both.sum = a.sum * exponential(a.largest - both.largest) + b.sum * exponential(b.largest - both.largest);
  return both;
}

// Of the whole block, the same in all threads; scratch [kSoftmaxWarps] is shared memory.
__device__ __forceinline__ SoftmaxSum block_softmax(SoftmaxSum own, float2* scratch) {
  const auto over_lanes = [](SoftmaxSum x) {
#pragma unroll
    for (int by = kWarp / 2; by > 0; by /= 2) {
      SoftmaxSum other;
      other.largest = __shfl_xor_sync(kAllLanes, x.largest, by);
      other.sum = __shfl_xor_sync(kAllLanes, x.sum, by);
      x = joined(x, other);
    }
    return x;
  };
  own = over_lanes(own);
  if (lane_index() == 0) scratch[warp_index()] = make_float2(own.largest, own.sum);
  __syncthreads();
  SoftmaxSum part;
  if (lane_index() < kSoftmaxWarps) {
    part.largest = scratch[lane_index()].x;
    part.sum = scratch[lane_index()].y;
  }
  return over_lanes(part);
}

// A row wherever it begins: the elements before the first multiple of 16 bytes (the head) and after the last
// (the tail) go one by one, the rest in packs.
template <class V>
struct RowPieces {
  V* row;
  int head, packs, tail;

  __device__ RowPieces(V* first, i64 columns) : row(first) {
    using Value = std::remove_const_t<V>;
    constexpr int kWidth = kPack<Value>;
    const auto past = static_cast<int>(reinterpret_cast<std::uintptr_t>(first) / sizeof(V) % kWidth);
    head = past == 0 ? 0 : kWidth - past;
    if (head > columns) head = static_cast<int>(columns);
    packs = (static_cast<int>(columns) - head) / kWidth;
    tail = static_cast<int>(columns) - head - packs * kWidth;
  }
  // The column of pack p, or of the tail with p = packs.
  __device__ int column(int pack) const { return head + pack * kPack<std::remove_const_t<V>>; }
};

// Whether a row's packs stay in shared memory between the passes.
enum class RowStays { no, in_shared_memory };

// The first pass. Reads the row once; with RowStays::in_shared_memory, kept receives its packs, each to be
// read by the thread that put it there.
template <RowStays Stays, class V>
__device__ __forceinline__ SoftmaxSum softmax_of(const RowPieces<V>& row, uint4* kept) {
  using Value = std::remove_const_t<V>;
  constexpr int kWidth = kPack<Value>;
  constexpr int kAhead = 4;
  SoftmaxSum own;
  const int thread = static_cast<int>(threadIdx.x);
  if (thread < row.head) own.add(load_floats<Value, 1>(row.row + thread));
  if (thread < row.tail) own.add(load_floats<Value, 1>(row.row + row.column(row.packs) + thread));
  for (int first = thread; first < row.packs; first += kAhead * kSoftmaxThreads) {
    Pack<Value, kWidth> x[kAhead];
#pragma unroll
    for (int k = 0; k < kAhead; ++k) {
      const int pack = first + k * kSoftmaxThreads;
      if (pack < row.packs) x[k] = load<Value, kWidth>(row.row + row.column(pack));
    }
#pragma unroll
    for (int k = 0; k < kAhead; ++k) {
      const int pack = first + k * kSoftmaxThreads;
      if (pack >= row.packs) continue;
      if constexpr (Stays == RowStays::in_shared_memory)
        kept[pack] = make_uint4(x[k].words[0], x[k].words[1], x[k].words[2], x[k].words[3]);
      own.add(floats<Value, kWidth>(x[k]));
    }
  }
  GPT_SHARED(float2[kSoftmaxWarps], scratch);
  return block_softmax(own, scratch);
}

// The second pass: each logit x of column c becomes change(x, c).
template <RowStays Stays, class V, class Change>
__device__ __forceinline__ void change_row(const RowPieces<V>& row, const uint4* kept, const Change& change) {
  constexpr int kWidth = kPack<V>;
  const int thread = static_cast<int>(threadIdx.x);
  const auto change_one = [&](int column) {
    row.row[column] = element_of<V>(change(float_of(row.row[column]), column));
  };
  if (thread < row.head) change_one(thread);
  if (thread < row.tail) change_one(row.column(row.packs) + thread);
#pragma unroll 2
  for (int pack = thread; pack < row.packs; pack += kSoftmaxThreads) {
    Pack<V, kWidth> loaded;
    if constexpr (Stays == RowStays::in_shared_memory) {
      const uint4 words = kept[pack];
      loaded.words[0] = words.x;
      loaded.words[1] = words.y;
      loaded.words[2] = words.z;
      loaded.words[3] = words.w;
    } else {
      loaded = load<V, kWidth>(row.row + row.column(pack));
    }
    Floats<kWidth> x = floats<V, kWidth>(loaded);
    const int column = row.column(pack);
#pragma unroll
    for (int i = 0; i < kWidth; ++i) x.at[i] = change(x.at[i], column + i);
    store_floats<V, kWidth>(row.row + column, x);
  }
}

// Shared memory for the packs of a row, or none where it is too wide: every GPU has as much for a block,
// 99 KiB with what block_softmax takes, and that is enough for the 50304 tokens of GPT-2 in two bytes. Two
// blocks find room on a multiprocessor of an H100, one on that of an A100. Beyond that, the second pass finds
// most of the row in the L2 cache.
template <class V>
std::size_t row_shared_bytes(i64 columns) {
  constexpr std::size_t kMost = 99 * 1024 - 512;
  const std::size_t bytes = static_cast<std::size_t>(columns) * sizeof(V) / 16 * 16;
  return bytes <= kMost ? bytes : 0;
}

}  // namespace gpt::ops::cuda
