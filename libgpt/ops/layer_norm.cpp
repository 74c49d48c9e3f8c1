#include "libgpt/ops/layer_norm.hpp"

#include <algorithm>
#include <vector>

#include "libgpt/ops/cpu/kernel_table.hpp"
#include "libgpt/ops/cpu/parallel.hpp"
#include "libgpt/ops/layer_norm_check.hpp"

namespace gpt::ops {

template <class T>
void layer_norm_forward(const NormShape& s, double epsilon, std::span<const T> x, std::span<const T> weight,
                        std::span<const T> bias, std::span<T> y, std::span<tensor::SumOf<T>> mean,
                        std::span<tensor::SumOf<T>> inverse_deviation) {
  check_layer_norm(s, x, weight, bias, y, mean, inverse_deviation);
  cpu::parallel_ranges(s.rows, s.columns, [&](std::int64_t begin, std::int64_t end, std::int64_t) {
    const std::int64_t first = begin * s.columns;
    cpu::kernels<T>().layer_norm_forward(x.data() + first, weight.data(), bias.data(),
                                         static_cast<T>(epsilon), y.data() + first, mean.data() + begin,
                                         inverse_deviation.data() + begin, end - begin, s.columns);
  });
}

template <class T>
void layer_norm_backward(const NormShape& s, std::span<const T> dy, std::span<const T> x,
                         std::span<const T> weight, std::span<const tensor::SumOf<T>> mean,
                         std::span<const tensor::SumOf<T>> inverse_deviation, std::span<const T> residual,
                         std::span<T> dx, Product mode, std::span<tensor::SumOf<T>> d_weight,
                         std::span<tensor::SumOf<T>> d_bias) {
  check_layer_norm_backward(s, dy, x, weight, mean, inverse_deviation, residual, dx, d_weight, d_bias);
  // Each thread sums its rows; the parts are added in the threads' order. A row of parts is padded to whole
  // cache lines.
  const std::int64_t stride = (s.columns + 63) / 64 * 64;
  const std::int64_t threads = cpu::max_threads();
  std::vector<T> parts(static_cast<std::size_t>(threads * 2 * stride));
  cpu::parallel_ranges(s.rows, s.columns, [&](std::int64_t begin, std::int64_t end, std::int64_t thread) {
    const std::int64_t first = begin * s.columns;
    T* const part = parts.data() + thread * 2 * stride;
    cpu::kernels<T>().layer_norm_backward(dy.data() + first, x.data() + first, weight.data(),
                                          mean.data() + begin, inverse_deviation.data() + begin,
                                          residual.data() + first, dx.data() + first, part, part + stride,
                                          end - begin, s.columns);
  });
  const bool add = mode == Product::add;
  cpu::kernels<T>().column_sum(parts.data(), 2 * stride, d_weight.data(), threads, s.columns, add);
  cpu::kernels<T>().column_sum(parts.data() + stride, 2 * stride, d_bias.data(), threads, s.columns, add);
}

#define GPT_INSTANTIATE(T)                                                                              \
  template void layer_norm_forward<T>(const NormShape&, double, std::span<const T>, std::span<const T>, \
                                      std::span<const T>, std::span<T>, std::span<T>, std::span<T>);    \
  template void layer_norm_backward<T>(                                                                 \
      const NormShape&, std::span<const T>, std::span<const T>, std::span<const T>, std::span<const T>, \
      std::span<const T>, std::span<const T>, std::span<T>, Product, std::span<T>, std::span<T>);
GPT_INSTANTIATE(float)
GPT_INSTANTIATE(double)
#undef GPT_INSTANTIATE

}  // namespace gpt::ops
