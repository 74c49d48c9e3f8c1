#pragma once

#include "libgpt/ops/cpu/kernels/vector_math.hpp"

namespace gpt::ops::cpu {
namespace {

// Rows x vectors of C held in registers: 4 x 4 fills half of AVX-512's 32, 4 x 2 fits the 16 of the others.
constexpr int kTileRows = 4;
constexpr int kTileVectors = GPT_VECTOR_BYTES == 64 ? 4 : 2;

template <class T, int Rows, int Vectors>
inline __attribute__((always_inline)) void product_block(const ProductTile<T>& t, i64 row, i64 column) {
  constexpr i64 kLanes = VectorOf<T>::kLanes;
  Vector<T> sum[Rows][Vectors];
  for (int i = 0; i < Rows; ++i) {
    for (int v = 0; v < Vectors; ++v) {
      sum[i][v] = t.add ? load(t.c + (row + i) * t.c_row + column + v * kLanes) : Vector<T>{};
    }
  }
  const T* a = t.a + row * t.a_row;
  const T* b = t.b + column;
  const i64 a_row = t.a_row;
  for (i64 k = 0; k < t.k; ++k) {
    Vector<T> line[Vectors];
#pragma GCC unroll 8
    for (int v = 0; v < Vectors; ++v) line[v] = load(b + v * kLanes);
#pragma GCC unroll 8
    for (int i = 0; i < Rows; ++i) {
      const T factor = a[i * a_row];
#pragma GCC unroll 8
      for (int v = 0; v < Vectors; ++v) sum[i][v] += factor * line[v];
    }
    a += t.a_column;
    b += t.b_row;
  }
  for (int i = 0; i < Rows; ++i) {
    for (int v = 0; v < Vectors; ++v) store(t.c + (row + i) * t.c_row + column + v * kLanes, sum[i][v]);
  }
}

// Columns that do not fill a vector.
template <class T>
inline void product_tail(const ProductTile<T>& t, i64 column) {
  for (i64 i = 0; i < t.m; ++i) {
    for (i64 j = column; j < t.n; ++j) {
      T sum = t.add ? t.c[i * t.c_row + j] : T{0};
      for (i64 k = 0; k < t.k; ++k) sum += t.a[i * t.a_row + k * t.a_column] * t.b[k * t.b_row + j];
      t.c[i * t.c_row + j] = sum;
    }
  }
}

template <class T, int Vectors>
inline __attribute__((always_inline)) void product_columns(const ProductTile<T>& t, i64 column) {
  i64 row = 0;
  for (; row + kTileRows <= t.m; row += kTileRows) product_block<T, kTileRows, Vectors>(t, row, column);
  for (; row < t.m; ++row) product_block<T, 1, Vectors>(t, row, column);
}

template <class T>
void product_tile(const ProductTile<T>& t) {
  constexpr i64 kLanes = VectorOf<T>::kLanes;
  i64 column = 0;
  for (; column + kTileVectors * kLanes <= t.n; column += kTileVectors * kLanes) {
    product_columns<T, kTileVectors>(t, column);
  }
  for (; column + kLanes <= t.n; column += kLanes) product_columns<T, 1>(t, column);
  if (column < t.n) product_tail(t, column);
}

template <class T>
void vector_matrix(const T* x, const T* w, i64 stride, T* y, i64 rows, i64 columns, bool accumulate) {
  product_tile<T>({1, columns, rows, x, 0, 1, w, stride, y, 0, accumulate});
}

template <class T>
T dot(const T* a, const T* b, i64 count) {
  T sum = 0;
#pragma omp simd reduction(+ : sum)
  for (i64 i = 0; i < count; ++i) sum += a[i] * b[i];
  return sum;
}

}  // namespace
}  // namespace gpt::ops::cpu
