#include "libgpt/ops/linear.hpp"

#include "libgpt/ops/cpu/kernel_table.hpp"
#include "libgpt/ops/cpu/parallel.hpp"
#include "libgpt/ops/linear_check.hpp"

namespace gpt::ops {
namespace {

// So few rows are a matter of reading the weights once: vectors times matrix, columns shared out.
constexpr std::int64_t kFewRows = 2;

template <class T>
void few_rows_forward(const LinearShape& s, std::span<const T> x, std::span<const T> weight, std::span<T> y) {
  cpu::parallel_columns(s.out, s.in * s.rows, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t r = 0; r < s.rows; ++r) {
      cpu::kernels<T>().vector_matrix(x.data() + r * s.in, weight.data() + begin, s.out,
                                      y.data() + r * s.out + begin, s.in, end - begin, false);
    }
  });
}

}  // namespace

template <class T>
void linear_forward(const LinearShape& s, std::span<const T> x, std::span<const T> weight,
                    std::span<const T> bias, std::span<T> y) {
  check_linear<T>(s, x, weight, bias, y);
  if (s.rows <= kFewRows) {
    few_rows_forward(s, x, weight, y);
  } else {
    gemm<T>(s.rows, s.out, s.in, {x.data(), s.in}, {weight.data(), s.out}, {y.data(), s.out},
            Product::replace);
  }
  if (bias.empty()) return;
  cpu::parallel_ranges(s.rows, s.out, [&](std::int64_t begin, std::int64_t end, std::int64_t) {
    cpu::kernels<T>().add_bias(y.data() + begin * s.out, bias.data(), end - begin, s.out);
  });
}

template <class T>
void linear_backward_input(const LinearShape& s, std::span<const T> dy, std::span<const T> weight,
                           std::span<T> dx) {
  check_linear_backward_input<T>(s, dy, weight, dx);
  gemm<T>(s.rows, s.in, s.out, {dy.data(), s.out}, {weight.data(), s.out, Transpose::yes}, {dx.data(), s.in},
          Product::replace);
}

template <class T>
void linear_backward_weight(const LinearShape& s, std::span<const T> x, std::span<const T> dy, Product mode,
                            std::span<tensor::SumOf<T>> d_weight, std::span<tensor::SumOf<T>> d_bias) {
  check_linear_backward_weight<T>(s, x, dy, d_weight, d_bias);
  gemm<T>(s.in, s.out, s.rows, {x.data(), s.in, Transpose::yes}, {dy.data(), s.out}, {d_weight.data(), s.out},
          mode);
  cpu::parallel_columns(s.out, s.rows, [&](std::int64_t begin, std::int64_t end) {
    cpu::kernels<T>().column_sum(dy.data() + begin, s.out, d_bias.data() + begin, s.rows, end - begin,
                                 mode == Product::add);
  });
}

template <class T>
void table_forward(const LinearShape& s, std::span<const T> x, std::span<const T> table, std::span<T> y) {
  check_table<T>(s, x, table, y);
  if (s.rows > kFewRows) {
    gemm<T>(s.rows, s.out, s.in, {x.data(), s.in}, {table.data(), s.in, Transpose::yes}, {y.data(), s.out},
            Product::replace);
    return;
  }
  cpu::parallel_ranges(s.out, s.in * s.rows, [&](std::int64_t begin, std::int64_t end, std::int64_t) {
    for (std::int64_t column = begin; column < end; ++column) {
      for (std::int64_t r = 0; r < s.rows; ++r) {
        y[static_cast<std::size_t>(r * s.out + column)] =
            cpu::kernels<T>().dot(x.data() + r * s.in, table.data() + column * s.in, s.in);
      }
    }
  });
}

template <class T>
void table_backward_input(const LinearShape& s, std::span<const T> dy, std::span<const T> table,
                          std::span<T> dx) {
  check_table_backward_input<T>(s, dy, table, dx);
  gemm<T>(s.rows, s.in, s.out, {dy.data(), s.out}, {table.data(), s.in}, {dx.data(), s.in}, Product::replace);
}

template <class T>
void table_backward_weight(const LinearShape& s, std::span<const T> x, std::span<const T> dy, Product mode,
                           std::span<tensor::SumOf<T>> d_table) {
  check_table_backward_weight<T>(s, x, dy, d_table);
  gemm<T>(s.out, s.in, s.rows, {dy.data(), s.out, Transpose::yes}, {x.data(), s.in}, {d_table.data(), s.in},
          mode);
}

#define GPT_INSTANTIATE(T)                                                                                  \
  template void linear_forward<T>(const LinearShape&, std::span<const T>, std::span<const T>,               \
                                  std::span<const T>, std::span<T>);                                        \
  template void linear_backward_input<T>(const LinearShape&, std::span<const T>, std::span<const T>,        \
                                         std::span<T>);                                                     \
  template void linear_backward_weight<T>(const LinearShape&, std::span<const T>, std::span<const T>,       \
                                          Product, std::span<T>, std::span<T>);                             \
  template void table_forward<T>(const LinearShape&, std::span<const T>, std::span<const T>, std::span<T>); \
  template void table_backward_input<T>(const LinearShape&, std::span<const T>, std::span<const T>,         \
                                        std::span<T>);                                                      \
  template void table_backward_weight<T>(const LinearShape&, std::span<const T>, std::span<const T>,        \
                                         Product, std::span<T>);
GPT_INSTANTIATE(float)
GPT_INSTANTIATE(double)
#undef GPT_INSTANTIATE

}  // namespace gpt::ops
