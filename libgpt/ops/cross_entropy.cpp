#include "libgpt/ops/cross_entropy.hpp"

#include "libgpt/ops/cpu/kernel_table.hpp"
#include "libgpt/ops/cpu/parallel.hpp"
#include "libgpt/ops/shape_error.hpp"

namespace gpt::ops {
namespace {

void check_cross_entropy(std::int64_t rows, std::int64_t vocabulary, std::size_t logits, std::size_t targets,
                         std::size_t losses) {
  check_elements("cross entropy", "logits", logits, rows, vocabulary);
  check_elements("cross entropy", "targets", targets, rows);
  check_elements("cross entropy", "losses", losses, rows);
}

}  // namespace

template <class T>
void cross_entropy_forward(std::int64_t rows, std::int64_t vocabulary, std::span<const T> logits,
                           std::span<const std::int32_t> targets, std::span<double> losses) {
  check_cross_entropy(rows, vocabulary, logits.size(), targets.size(), losses.size());
  cpu::parallel_ranges(
      rows, cpu::kExponentialCost * vocabulary, [&](std::int64_t begin, std::int64_t end, std::int64_t) {
        for (std::int64_t r = begin; r < end; ++r) {
          const auto i = static_cast<std::size_t>(r);
          losses[i] =
              cpu::kernels<T>().cross_entropy_forward(logits.data() + r * vocabulary, vocabulary, targets[i]);
        }
      });
}

template <class T>
void cross_entropy_backward(std::int64_t rows, std::int64_t vocabulary, std::span<T> logits,
                            std::span<const std::int32_t> targets, std::span<const T> weights,
                            std::span<double> losses) {
  check_cross_entropy(rows, vocabulary, logits.size(), targets.size(), losses.size());
  check_elements("cross entropy", "weights", weights.size(), rows);
  cpu::parallel_ranges(rows, cpu::kExponentialCost * vocabulary,
                       [&](std::int64_t begin, std::int64_t end, std::int64_t) {
                         for (std::int64_t r = begin; r < end; ++r) {
                           const auto i = static_cast<std::size_t>(r);
                           losses[i] = cpu::kernels<T>().cross_entropy_backward(
                               logits.data() + r * vocabulary, vocabulary, targets[i], weights[i]);
                         }
                       });
}

#define GPT_INSTANTIATE(T)                                                                   \
  template void cross_entropy_forward<T>(std::int64_t, std::int64_t, std::span<const T>,     \
                                         std::span<const std::int32_t>, std::span<double>);  \
  template void cross_entropy_backward<T>(std::int64_t, std::int64_t, std::span<T>,          \
                                          std::span<const std::int32_t>, std::span<const T>, \
                                          std::span<double>);
GPT_INSTANTIATE(float)
GPT_INSTANTIATE(double)
#undef GPT_INSTANTIATE

}  // namespace gpt::ops
