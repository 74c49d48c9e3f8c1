#pragma once

#include <cstdint>

namespace gpt::ops {

enum class Transpose { no, yes };

// C = op(A) op(B), or C += op(A) op(B): row-major, op(A) [m, k], op(B) [k, n], C [m, n]; a stride is the
// distance between the rows of a matrix as stored. float runs on oneDNN where the build has it.
enum class Product { replace, add };

template <class T>
struct Matrix {
  T* data;
  std::int64_t stride;
  Transpose transpose = Transpose::no;
};

template <class T>
void gemm(std::int64_t m, std::int64_t n, std::int64_t k, Matrix<const T> a, Matrix<const T> b, Matrix<T> c,
          Product mode);

// The toolkit's own loops, used for double and without oneDNN.
template <class T>
void gemm_portable(std::int64_t m, std::int64_t n, std::int64_t k, Matrix<const T> a, Matrix<const T> b,
                   Matrix<T> c, Product mode);

}  // namespace gpt::ops
