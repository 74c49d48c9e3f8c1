#include "libgpt/ops/cross_entropy.hpp"

#include "libgpt/ops/cpu/kernel_table.hpp"
#include "libgpt/ops/cpu/parallel.hpp"
#include "libgpt/ops/cpu/row_weight.hpp"
#include "libgpt/ops/cross_entropy_check.hpp"

namespace gpt::ops {

template <class T>
void cross_entropy_forward(std::int64_t rows, std::int64_t vocabulary, std::span<const T> logits,
                           std::span<const tensor::Beside<T, std::int32_t>> targets,
                           std::span<tensor::Beside<T, double>> losses) {
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
                            std::span<const tensor::Beside<T, std::int32_t>> targets,
                            const RowWeights<T>& weights, std::span<tensor::Beside<T, double>> losses) {
  check_cross_entropy(rows, vocabulary, logits.size(), targets.size(), losses.size());
  check_row_weights("cross entropy", weights, rows);
  cpu::parallel_ranges(
      rows, cpu::kExponentialCost * vocabulary, [&](std::int64_t begin, std::int64_t end, std::int64_t) {
        for (std::int64_t r = begin; r < end; ++r) {
          const auto i = static_cast<std::size_t>(r);
          losses[i] = cpu::kernels<T>().cross_entropy_backward(logits.data() + r * vocabulary, vocabulary,
                                                               targets[i], cpu::row_weight(weights, i));
        }
      });
}

template <class T>
void add_masked_losses(std::span<const tensor::Beside<T, double>> losses,
                       std::span<const tensor::Beside<T, float>> mask,
                       std::span<tensor::Beside<T, double>> sum) {
  check_masked_losses(losses.size(), mask.size(), sum.size());
  for (std::size_t i = 0; i < losses.size(); ++i) {
    const double weight = mask.empty() ? 1.0 : static_cast<double>(mask[i]);
    if (weight == 0) continue;  // whatever the loss is
    sum[0] += losses[i] * weight;
    sum[1] += weight;
  }
}

#define GPT_INSTANTIATE(T)                                                                     \
  template void cross_entropy_forward<T>(std::int64_t, std::int64_t, std::span<const T>,       \
                                         std::span<const std::int32_t>, std::span<double>);    \
  template void cross_entropy_backward<T>(std::int64_t, std::int64_t, std::span<T>,            \
                                          std::span<const std::int32_t>, const RowWeights<T>&, \
                                          std::span<double>);                                  \
  template void add_masked_losses<T>(std::span<const double>, std::span<const float>, std::span<double>);
GPT_INSTANTIATE(float)
GPT_INSTANTIATE(double)
#undef GPT_INSTANTIATE

}  // namespace gpt::ops
