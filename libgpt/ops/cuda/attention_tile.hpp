#pragma once

#include <cstddef>
#include <cstdint>

#include "libgpt/tensor/cuda/language.hpp"

// Tiles of 16-bit rows in shared memory, and products of them on the tensor cores.
namespace gpt::ops::cuda {

// How rows of kHead elements lie in shared memory, in chunks of 16 bytes (8 elements): so that the eight rows
// which load_matrix reads at a time start in different banks. Rows of 128 and 256 bytes have their chunks
// exchanged by row; others are padded to an odd number of chunks.
template <int kHead>
struct TileLayout {
  static_assert(kHead % 16 == 0);
  static constexpr int kChunks = kHead / 8;
  static constexpr bool kSwizzled = kChunks % 8 == 0;
  static constexpr int kPitch = kSwizzled ? kChunks : kChunks + 1;

  static constexpr int bytes(int rows) { return rows * kPitch * 16; }
  __device__ static __forceinline__ int offset(int row, int chunk) {
    return (row * kPitch + (kSwizzled ? chunk ^ (row & 7) : chunk)) * 16;
  }
};

// Hides from the compiler where a value comes from. What is computed from it inside a loop stays there: a
// loop over tiles has dozens of addresses, each one instruction away from the next, which it would otherwise
// keep in registers that it does not have.
__device__ __forceinline__ int opaque(int value) {
  asm volatile("" : "+r"(value));
  return value;
}

// Starts to copy `count` rows of head_size elements from global memory; what is behind them, up to kRows rows
// of kHead, becomes 0.
template <int kHead, int kRows, int kThreads, class V>
__device__ __forceinline__ void load_tile(unsigned char* tile, const V* rows, int stride, int count,
                                          int head_size) {
  using Layout = TileLayout<kHead>;
  const int thread = opaque(static_cast<int>(threadIdx.x));
  const int row = thread / Layout::kChunks;
  const int chunk = thread % Layout::kChunks;
  if constexpr (kThreads % (8 * Layout::kChunks) == 0) {
    // A thread keeps its chunk, and its place within the exchanged rows.
    constexpr int kStep = kThreads / Layout::kChunks;
    const V* from = rows + row * stride + chunk * 8;
    unsigned char* const to = tile + Layout::offset(row, chunk);
    if (chunk * 8 >= head_size) count = 0;
#pragma unroll
    for (int step = 0; step < kRows / kStep; ++step) {
      tensor::cp_async<16>(to + step * kStep * Layout::kPitch * 16, from, row + step * kStep < count);
      from += kStep * stride;
    }
  } else {
#pragma unroll
    for (int step = 0; step < (kRows * Layout::kChunks + kThreads - 1) / kThreads; ++step) {
      const int i = thread + step * kThreads;
      const int r = i / Layout::kChunks;
      const int c = i % Layout::kChunks;
      if (kRows * Layout::kChunks % kThreads != 0 && r >= kRows) break;
      tensor::cp_async<16>(tile + Layout::offset(r, c), rows + r * stride + c * 8,
                           r < count && c * 8 < head_size);
    }
  }
}

// Where the lanes of a warp read in a tile, in bytes from its start, for the first 16 rows and elements.
template <int kHead>
struct LaneOffsets {
  int a;  // of operand A, and of operand B made of rows as they are
  int b;  // of operand B made of transposed rows

  __device__ explicit LaneOffsets(int lane)
      : a(TileLayout<kHead>::offset(lane % 16, lane / 16)),
        b(TileLayout<kHead>::offset(lane % 8 + lane / 16 * 8, lane / 8 % 2)) {}
};

// A tile as one lane reads it: `at` bytes from the start of shared memory.
template <int kHead>
struct LaneTile {
  const unsigned char* shared;
  int at;

  // Row `first` (a multiple of 8) and element 16 k on from there.
  __device__ __forceinline__ const unsigned char* row(int first, int k) const {
    using Layout = TileLayout<kHead>;
    return shared + (Layout::kSwizzled ? at ^ (32 * k) : at + 32 * k) + first * Layout::kPitch * 16;
  }
};

// A warp's accumulators: 16 kM rows, 8 kN columns.
template <int kM, int kN>
struct Accumulators {
  float at[kM][kN][4];

  __device__ __forceinline__ void clear() {
#pragma unroll
    for (int m = 0; m < kM; ++m) {
#pragma unroll
      for (int n = 0; n < kN; ++n) {
#pragma unroll
        for (int i = 0; i < 4; ++i) at[m][n][i] = 0;
      }
    }
  }
  // body(m, n, half of the 16 rows, element of the pair, accumulator)
  template <class Body>
  __device__ __forceinline__ void each(Body body) {
#pragma unroll
    for (int m = 0; m < kM; ++m) {
#pragma unroll
      for (int half = 0; half < 2; ++half) {
#pragma unroll
        for (int n = 0; n < kN; ++n) {
#pragma unroll
          for (int e = 0; e < 2; ++e) body(m, n, half, e, at[m][n][2 * half + e]);
        }
      }
    }
  }
};

// A warp's rows as operands A, from registers or from a tile.
template <int kHead, int kM>
struct RowsInTile {
  LaneTile<kHead> tile;

  __device__ __forceinline__ void get(std::uint32_t (&a)[kM][4], int k) const {
#pragma unroll
    for (int m = 0; m < kM; ++m) tensor::load_matrix_x4(a[m], tile.row(16 * m, k));
  }
};
template <int kHead, int kM>
struct RowsInRegisters {
  std::uint32_t kept[kHead / 16][kM][4];

  __device__ __forceinline__ void load(const RowsInTile<kHead, kM>& rows) {
#pragma unroll
    for (int k = 0; k < kHead / 16; ++k) rows.get(kept[k], k);
  }
  __device__ __forceinline__ void get(std::uint32_t (&a)[kM][4], int k) const {
#pragma unroll
    for (int m = 0; m < kM; ++m) {
#pragma unroll
      for (int i = 0; i < 4; ++i) a[m][i] = kept[k][m][i];
    }
  }
};

// c = rows . (rows of the tile) transposed; the tile is read with LaneOffsets::b.
template <class V, int kHead, int kM, int kN, class Rows>
__device__ __forceinline__ void multiply_transposed(Accumulators<kM, kN>& c, const Rows& rows,
                                                    const LaneTile<kHead>& tile) {
  c.clear();
#pragma unroll
  for (int k = 0; k < kHead / 16; ++k) {
    std::uint32_t a[kM][4];
    rows.get(a, k);
#pragma unroll
    for (int n = 0; n < kN; n += 2) {
      std::uint32_t b[4];
      tensor::load_matrix_x4(b, tile.row(8 * n, k));  // b[0], b[1]: eight rows, then the next eight
#pragma unroll
      for (int m = 0; m < kM; ++m) {
        tensor::mma_m16n8k16<V>(c.at[m][n], a[m], b[0], b[1]);
        tensor::mma_m16n8k16<V>(c.at[m][n + 1], a[m], b[2], b[3]);
      }
    }
  }
}

// c += p . (rows of the tile), which is read with LaneOffsets::a; p is rounded to V.
template <class V, int kHead, int kM, int kN>
__device__ __forceinline__ void add_product(Accumulators<kM, kHead / 8>& c, const Accumulators<kM, kN>& p,
                                            const LaneTile<kHead>& tile) {
#pragma unroll
  for (int k = 0; k < kN / 2; ++k) {
    std::uint32_t a[kM][4];
#pragma unroll
    for (int m = 0; m < kM; ++m) {
      const auto& left = p.at[m][2 * k];
      const auto& right = p.at[m][2 * k + 1];
      a[m][0] = tensor::pair_of<V>(left[0], left[1]);
      a[m][1] = tensor::pair_of<V>(left[2], left[3]);
      a[m][2] = tensor::pair_of<V>(right[0], right[1]);
      a[m][3] = tensor::pair_of<V>(right[2], right[3]);
    }
#pragma unroll
    for (int n = 0; n < kHead / 16; ++n) {
      std::uint32_t b[4];
      tensor::load_matrix_x4_transposed(b, tile.row(16 * k, n));  // b[0], b[1]: eight columns, then the next
#pragma unroll
      for (int m = 0; m < kM; ++m) {
        tensor::mma_m16n8k16<V>(c.at[m][2 * n], a[m], b[0], b[1]);
        tensor::mma_m16n8k16<V>(c.at[m][2 * n + 1], a[m], b[2], b[3]);
      }
    }
  }
}

// Writes a warp's accumulators times factor(m, half) to `count` rows of head_size elements. They pass through
// rows first ... of the tile, which no other warp may be using, so that whole chunks reach global memory.
template <class V, int kHead, int kM, class Factor>
__device__ __forceinline__ void store_rows(Accumulators<kM, kHead / 8>& c, unsigned char* tile, int first,
                                           int lane, V* rows, int stride, int count, int head_size,
                                           Factor factor) {
  using Layout = TileLayout<kHead>;
  __syncwarp();  // all lanes have read the rows that were there
#pragma unroll
  for (int m = 0; m < kM; ++m) {
#pragma unroll
    for (int half = 0; half < 2; ++half) {
      const float by = factor(m, half);
      const int row = first + 16 * m + 8 * half + lane / 4;
#pragma unroll
      for (int n = 0; n < kHead / 8; ++n) {
        *reinterpret_cast<std::uint32_t*>(tile + Layout::offset(row, n) + lane % 4 * 4) =
            tensor::pair_of<V>(c.at[m][n][2 * half] * by, c.at[m][n][2 * half + 1] * by);
      }
    }
  }
  __syncwarp();
  for (int i = lane; i < 16 * kM * Layout::kChunks; i += 32) {
    const int row = i / Layout::kChunks;
    const int chunk = i % Layout::kChunks;
    if (row < count && chunk * 8 < head_size) {
      *reinterpret_cast<uint4*>(rows + std::int64_t{row} * stride + chunk * 8) =
          *reinterpret_cast<const uint4*>(tile + Layout::offset(first + row, chunk));
    }
  }
}

}  // namespace gpt::ops::cuda
