#include "libgpt/ops/cpu/gemm_onednn.hpp"

#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <string>

#include <omp.h>
#include <oneapi/dnnl/dnnl.h>

namespace gpt::ops::cpu {
namespace {

struct Operands {
  Matrix<const float> a, b;
  Matrix<float> c;
  std::int64_t k;
  float beta;
};

char letter(Transpose transpose) { return transpose == Transpose::yes ? 'T' : 'N'; }

const float* at(const Matrix<const float>& matrix, std::int64_t row, std::int64_t column) {
  return matrix.transpose == Transpose::yes ? matrix.data + column * matrix.stride + row
                                            : matrix.data + row * matrix.stride + column;
}

// The block of C that begins at [row, column] and has m x n elements.
dnnl_status_t multiply_block(const Operands& o, std::int64_t row, std::int64_t column, std::int64_t m,
                             std::int64_t n) {
  return dnnl_sgemm(letter(o.a.transpose), letter(o.b.transpose), m, n, o.k, 1.0f, at(o.a, row, 0),
                    o.a.stride, at(o.b, 0, column), o.b.stride, o.beta, o.c.data + row * o.c.stride + column,
                    o.c.stride);
}

// C is cut into rows x columns blocks, one a thread.
struct Grid {
  std::int64_t rows = 1, columns = 1;
};

// Cuts are made at multiples of a cache line; a block below kLeastBlock on a side wastes the kernel.
constexpr std::int64_t kLine = 16;
constexpr std::int64_t kLeastBlock = 64;

std::int64_t cut(std::int64_t size, std::int64_t parts, std::int64_t index) {
  return index == parts ? size : size / kLine * index / parts * kLine;
}

// The grid whose blocks read the least of A and B; 1 x 1 where none is coarse enough.
Grid choose_grid(std::int64_t m, std::int64_t n, std::int64_t threads) {
  Grid best;
  std::int64_t least = -1;
  for (std::int64_t rows = 1; rows <= threads; ++rows) {
    if (threads % rows != 0) continue;
    const std::int64_t columns = threads / rows;
    if (m / rows < kLeastBlock && rows > 1) continue;
    if (n / columns < kLeastBlock && columns > 1) continue;
    const std::int64_t read = m / rows + n / columns;
    if (least >= 0 && read >= least) continue;
    least = read;
    best = {rows, columns};
  }
  return best;
}

}  // namespace

// A product cut up here and multiplied by one thread a block takes a tenth less time than oneDNN's own
// threads at the shapes of a training step (docs/benchmarks.md); those remain for what is too small to cut.
void gemm_onednn(std::int64_t m, std::int64_t n, std::int64_t k, Matrix<const float> a, Matrix<const float> b,
                 Matrix<float> c, Product mode) {
  const Operands operands{a, b, c, k, mode == Product::add ? 1.0f : 0.0f};
  const Grid grid = choose_grid(m, n, omp_in_parallel() ? 1 : omp_get_max_threads());
  const std::int64_t blocks = grid.rows * grid.columns;
  std::atomic<int> failed = dnnl_success;
  if (blocks == 1) {
    failed = multiply_block(operands, 0, 0, m, n);
  } else {
#pragma omp parallel for schedule(static, 1)
    for (std::int64_t block = 0; block < blocks; ++block) {
      const std::int64_t i = block / grid.columns;
      const std::int64_t j = block % grid.columns;
      const std::int64_t row = cut(m, grid.rows, i);
      const std::int64_t column = cut(n, grid.columns, j);
      const dnnl_status_t status = multiply_block(operands, row, column, cut(m, grid.rows, i + 1) - row,
                                                  cut(n, grid.columns, j + 1) - column);
      if (status != dnnl_success) failed = status;
    }
  }
  if (failed == dnnl_success) return;
  throw std::runtime_error("oneDNN refused a matrix product: status " + std::to_string(failed));
}

}  // namespace gpt::ops::cpu
