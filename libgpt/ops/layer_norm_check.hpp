#pragma once

#include "libgpt/ops/layer_norm.hpp"
#include "libgpt/ops/shape_error.hpp"

namespace gpt::ops {

template <class T>
void check_layer_norm(const NormShape& s, std::span<const T> x, std::span<const T> weight,
                      std::span<const T> bias, std::span<T> y, std::span<tensor::SumOf<T>> mean,
                      std::span<tensor::SumOf<T>> inverse_deviation) {
  check_elements("layer norm", "x", x.size(), s.rows, s.columns);
  check_elements("layer norm", "y", y.size(), s.rows, s.columns);
  check_elements("layer norm", "weight", weight.size(), s.columns);
  check_elements("layer norm", "bias", bias.size(), s.columns);
  check_elements("layer norm", "mean", mean.size(), s.rows);
  check_elements("layer norm", "inverse_deviation", inverse_deviation.size(), s.rows);
}

template <class T>
void check_layer_norm_backward(const NormShape& s, std::span<const T> dy, std::span<const T> x,
                               std::span<const T> weight, std::span<const tensor::SumOf<T>> mean,
                               std::span<const tensor::SumOf<T>> inverse_deviation,
                               std::span<const T> residual, std::span<T> dx,
                               std::span<tensor::SumOf<T>> d_weight, std::span<tensor::SumOf<T>> d_bias) {
  check_elements("layer norm backward", "dy", dy.size(), s.rows, s.columns);
  check_elements("layer norm backward", "x", x.size(), s.rows, s.columns);
  check_elements("layer norm backward", "residual", residual.size(), s.rows, s.columns);
  check_elements("layer norm backward", "dx", dx.size(), s.rows, s.columns);
  check_elements("layer norm backward", "weight", weight.size(), s.columns);
  check_elements("layer norm backward", "mean", mean.size(), s.rows);
  check_elements("layer norm backward", "inverse_deviation", inverse_deviation.size(), s.rows);
  check_elements("layer norm backward", "d_weight", d_weight.size(), s.columns);
  check_elements("layer norm backward", "d_bias", d_bias.size(), s.columns);
}

}  // namespace gpt::ops
