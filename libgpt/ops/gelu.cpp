#include "libgpt/ops/gelu.hpp"

#include "libgpt/ops/cpu/kernel_table.hpp"
#include "libgpt/ops/cpu/parallel.hpp"
#include "libgpt/ops/gelu_check.hpp"

namespace gpt::ops {

template <class T>
void bias_gelu_forward(std::int64_t rows, std::int64_t columns, std::span<const T> bias, std::span<T> x,
                       std::span<T> y) {
  check_bias_gelu(rows, columns, bias.size(), x.size(), y.size());
  cpu::parallel_ranges(
      rows, cpu::kExponentialCost * columns, [&](std::int64_t begin, std::int64_t end, std::int64_t) {
        cpu::kernels<T>().bias_gelu_forward(x.data() + begin * columns, bias.data(),
                                            y.data() + begin * columns, end - begin, columns);
      });
}

template <class T>
void gelu_backward(std::span<const T> x, std::span<const T> dy, std::span<T> dx) {
  const auto count = static_cast<std::int64_t>(x.size());
  check_gelu_backward(x.size(), dy.size(), dx.size());
  cpu::parallel_ranges(count, cpu::kExponentialCost, [&](std::int64_t begin, std::int64_t end, std::int64_t) {
    cpu::kernels<T>().gelu_backward(x.data() + begin, dy.data() + begin, dx.data() + begin, end - begin);
  });
}

#define GPT_INSTANTIATE(T)                                                                         \
  template void bias_gelu_forward<T>(std::int64_t, std::int64_t, std::span<const T>, std::span<T>, \
                                     std::span<T>);                                                \
  template void gelu_backward<T>(std::span<const T>, std::span<const T>, std::span<T>);
GPT_INSTANTIATE(float)
GPT_INSTANTIATE(double)
#undef GPT_INSTANTIATE

}  // namespace gpt::ops
