#include <algorithm>

#include "libgpt/ops/cpu/kernel_table.hpp"
#include "libgpt/ops/cpu/parallel.hpp"
#include "libgpt/ops/cpu/scratch.hpp"
#include "libgpt/ops/gemm.hpp"

namespace gpt::ops {
namespace {

// A block of B (256 x 128 floats, 128 KiB) and one of A (96 x 256) stay in the second-level cache while their
// product is made.
constexpr std::int64_t kBlockRows = 96;
constexpr std::int64_t kBlockColumns = 128;
constexpr std::int64_t kBlockDepth = 256;
// Multiplications that take as long as one element of an elementwise op.
constexpr std::int64_t kProductsAnElement = 32;

struct Block {
  std::int64_t row, column, depth;
  std::int64_t rows, columns, depths;
};

// Copies op(M)[first_row .. + rows][first_column .. + columns] to contiguous rows.
template <class T>
void pack(Matrix<const T> m, std::int64_t first_row, std::int64_t rows, std::int64_t first_column,
          std::int64_t columns, T* out) {
  if (m.transpose == Transpose::no) {
    for (std::int64_t r = 0; r < rows; ++r) {
      const T* const from = m.data + (first_row + r) * m.stride + first_column;
      std::copy(from, from + columns, out + r * columns);
    }
    return;
  }
  for (std::int64_t c = 0; c < columns; ++c) {
    const T* const from = m.data + (first_column + c) * m.stride + first_row;
    for (std::int64_t r = 0; r < rows; ++r) out[r * columns + c] = from[r];
  }
}

template <class T>
void multiply_block(const Block& block, Matrix<const T> a, Matrix<const T> b, Matrix<T> c, bool add,
                    T* packed_a, T* packed_b) {
  pack(a, block.row, block.rows, block.depth, block.depths, packed_a);
  pack(b, block.depth, block.depths, block.column, block.columns, packed_b);
  cpu::kernels<T>().product_tile({block.rows, block.columns, block.depths, packed_a, block.depths, 1,
                                  packed_b, block.columns, c.data + block.row * c.stride + block.column,
                                  c.stride, add});
}

}  // namespace

template <class T>
void gemm_portable(std::int64_t m, std::int64_t n, std::int64_t k, Matrix<const T> a, Matrix<const T> b,
                   Matrix<T> c, Product mode) {
  const std::int64_t row_blocks = (m + kBlockRows - 1) / kBlockRows;
  const std::int64_t column_blocks = (n + kBlockColumns - 1) / kBlockColumns;
  cpu::parallel_ranges(
      row_blocks * column_blocks, m * n * k / kProductsAnElement / (row_blocks * column_blocks),
      [&](std::int64_t begin, std::int64_t end, std::int64_t) {
        T* const packed_a = cpu::thread_scratch<T>(kBlockDepth * (kBlockRows + kBlockColumns));
        T* const packed_b = packed_a + kBlockDepth * kBlockRows;
        for (std::int64_t task = begin; task < end; ++task) {
          const std::int64_t row = task / column_blocks * kBlockRows;
          const std::int64_t column = task % column_blocks * kBlockColumns;
          for (std::int64_t depth = 0; depth < k; depth += kBlockDepth) {
            const Block block{row,
                              column,
                              depth,
                              std::min(kBlockRows, m - row),
                              std::min(kBlockColumns, n - column),
                              std::min(kBlockDepth, k - depth)};
            multiply_block(block, a, b, c, depth > 0 || mode == Product::add, packed_a, packed_b);
          }
        }
      });
}

template void gemm_portable<float>(std::int64_t, std::int64_t, std::int64_t, Matrix<const float>,
                                   Matrix<const float>, Matrix<float>, Product);
template void gemm_portable<double>(std::int64_t, std::int64_t, std::int64_t, Matrix<const double>,
                                    Matrix<const double>, Matrix<double>, Product);

}  // namespace gpt::ops
