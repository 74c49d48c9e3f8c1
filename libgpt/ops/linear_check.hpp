#pragma once

#include "libgpt/ops/linear.hpp"
#include "libgpt/ops/shape_error.hpp"

namespace gpt::ops {

// What the CPU and the GPU both see to before a linear layer: every tensor has the elements that the shape
// says.

template <class T>
void check_linear(const LinearShape& s, std::span<const T> x, std::span<const T> weight,
                  std::span<const T> bias, std::span<T> y) {
  check_elements("linear", "x", x.size(), s.rows, s.in);
  check_elements("linear", "weight", weight.size(), s.in, s.out);
  check_elements("linear", "y", y.size(), s.rows, s.out);
  if (!bias.empty()) check_elements("linear", "bias", bias.size(), s.out);
}

template <class T>
void check_linear_backward_input(const LinearShape& s, std::span<const T> dy, std::span<const T> weight,
                                 std::span<T> dx) {
  check_elements("linear backward", "dy", dy.size(), s.rows, s.out);
  check_elements("linear backward", "weight", weight.size(), s.in, s.out);
  check_elements("linear backward", "dx", dx.size(), s.rows, s.in);
}

template <class T>
void check_linear_backward_weight(const LinearShape& s, std::span<const T> x, std::span<const T> dy,
                                  std::span<tensor::SumOf<T>> d_weight, std::span<tensor::SumOf<T>> d_bias) {
  check_elements("linear backward", "x", x.size(), s.rows, s.in);
  check_elements("linear backward", "dy", dy.size(), s.rows, s.out);
  check_elements("linear backward", "d_weight", d_weight.size(), s.in, s.out);
  check_elements("linear backward", "d_bias", d_bias.size(), s.out);
}

template <class T>
void check_table(const LinearShape& s, std::span<const T> x, std::span<const T> table, std::span<T> y) {
  check_elements("table", "x", x.size(), s.rows, s.in);
  check_elements("table", "table", table.size(), s.out, s.in);
  check_elements("table", "y", y.size(), s.rows, s.out);
}

template <class T>
void check_table_backward_input(const LinearShape& s, std::span<const T> dy, std::span<const T> table,
                                std::span<T> dx) {
  check_elements("table backward", "dy", dy.size(), s.rows, s.out);
  check_elements("table backward", "table", table.size(), s.out, s.in);
  check_elements("table backward", "dx", dx.size(), s.rows, s.in);
}

template <class T>
void check_table_backward_weight(const LinearShape& s, std::span<const T> x, std::span<const T> dy,
                                 std::span<tensor::SumOf<T>> d_table) {
  check_elements("table backward", "x", x.size(), s.rows, s.in);
  check_elements("table backward", "dy", dy.size(), s.rows, s.out);
  check_elements("table backward", "d_table", d_table.size(), s.out, s.in);
}

}  // namespace gpt::ops
