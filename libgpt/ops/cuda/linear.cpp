#include "libgpt/ops/linear.hpp"

#include "libgpt/ops/cuda/column_sum.hpp"
#include "libgpt/ops/cuda/few_rows.hpp"
#include "libgpt/ops/cuda/product.hpp"
#include "libgpt/ops/linear_check.hpp"

namespace gpt::ops {

template <class T>
void linear_forward(const LinearShape& s, std::span<const T> x, std::span<const T> weight,
                    std::span<const T> bias, std::span<T> y) {
  check_linear<T>(s, x, weight, bias, y);
  if (cuda::few_rows_linear<T>(s, x, weight, bias, y)) return;
  device_product<T, T>(s.rows, s.out, s.in, {x.data(), s.in}, {weight.data(), s.out}, {y.data(), s.out},
                       Product::replace, bias.empty() ? nullptr : bias.data());
}

template <class T>
void linear_backward_input(const LinearShape& s, std::span<const T> dy, std::span<const T> weight,
                           std::span<T> dx) {
  check_linear_backward_input<T>(s, dy, weight, dx);
  device_product<T, T>(s.rows, s.in, s.out, {dy.data(), s.out}, {weight.data(), s.out, Transpose::yes},
                       {dx.data(), s.in}, Product::replace);
}

template <class T>
void linear_backward_weight(const LinearShape& s, std::span<const T> x, std::span<const T> dy, Product mode,
                            std::span<tensor::SumOf<T>> d_weight, std::span<tensor::SumOf<T>> d_bias) {
  check_linear_backward_weight<T>(s, x, dy, d_weight, d_bias);
  device_product<T, tensor::SumOf<T>>(s.in, s.out, s.rows, {x.data(), s.in, Transpose::yes},
                                      {dy.data(), s.out}, {d_weight.data(), s.out}, mode);
  cuda::column_sum<T>(s.rows, s.out, dy, mode, d_bias);
}

template <class T>
void table_forward(const LinearShape& s, std::span<const T> x, std::span<const T> table, std::span<T> y) {
  check_table<T>(s, x, table, y);
  if (cuda::few_rows_table<T>(s, x, table, y)) return;
  device_product<T, T>(s.rows, s.out, s.in, {x.data(), s.in}, {table.data(), s.in, Transpose::yes},
                       {y.data(), s.out}, Product::replace);
}

template <class T>
void table_backward_input(const LinearShape& s, std::span<const T> dy, std::span<const T> table,
                          std::span<T> dx) {
  check_table_backward_input<T>(s, dy, table, dx);
  device_product<T, T>(s.rows, s.in, s.out, {dy.data(), s.out}, {table.data(), s.in}, {dx.data(), s.in},
                       Product::replace);
}

template <class T>
void table_backward_weight(const LinearShape& s, std::span<const T> x, std::span<const T> dy, Product mode,
                           std::span<tensor::SumOf<T>> d_table) {
  check_table_backward_weight<T>(s, x, dy, d_table);
  device_product<T, tensor::SumOf<T>>(s.out, s.in, s.rows, {dy.data(), s.out, Transpose::yes},
                                      {x.data(), s.in}, {d_table.data(), s.in}, mode);
}

#define GPT_LINEAR(T)                                                                                       \
  template void linear_forward<T>(const LinearShape&, std::span<const T>, std::span<const T>,               \
                                  std::span<const T>, std::span<T>);                                        \
  template void linear_backward_input<T>(const LinearShape&, std::span<const T>, std::span<const T>,        \
                                         std::span<T>);                                                     \
  template void linear_backward_weight<T>(const LinearShape&, std::span<const T>, std::span<const T>,       \
                                          Product, std::span<tensor::SumOf<T>>,                             \
                                          std::span<tensor::SumOf<T>>);                                     \
  template void table_forward<T>(const LinearShape&, std::span<const T>, std::span<const T>, std::span<T>); \
  template void table_backward_input<T>(const LinearShape&, std::span<const T>, std::span<const T>,         \
                                        std::span<T>);                                                      \
  template void table_backward_weight<T>(const LinearShape&, std::span<const T>, std::span<const T>,        \
                                         Product, std::span<tensor::SumOf<T>>);
GPT_LINEAR(tensor::DeviceF32)
GPT_LINEAR(tensor::DeviceBf16)
GPT_LINEAR(tensor::DeviceF16)
#undef GPT_LINEAR

}  // namespace gpt::ops
