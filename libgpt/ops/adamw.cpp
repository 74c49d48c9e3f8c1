#include "libgpt/ops/adamw.hpp"

#include <algorithm>
#include <cmath>

#include "libgpt/ops/adamw_check.hpp"
#include "libgpt/ops/cpu/kernel_table.hpp"
#include "libgpt/ops/cpu/parallel.hpp"

namespace gpt::ops {

template <class T>
void adamw(const AdamWSettings& settings, std::span<tensor::SumOf<T>> weight,
           std::span<const tensor::SumOf<T>> gradient, std::span<tensor::SumOf<T>> first_moment,
           std::span<tensor::SumOf<T>> second_moment, std::span<T> rounded) {
  const auto count = static_cast<std::int64_t>(weight.size());
  check_adamw(weight.size(), gradient.size(), first_moment.size(), second_moment.size(), rounded.size());
  const auto power = static_cast<double>(settings.step);
  const cpu::AdamWStep<T> step{static_cast<T>(settings.learning_rate),
                               static_cast<T>(settings.beta1),
                               static_cast<T>(settings.beta2),
                               static_cast<T>(settings.epsilon),
                               static_cast<T>(settings.weight_decay),
                               static_cast<T>(1 - std::pow(settings.beta1, power)),
                               static_cast<T>(1 - std::pow(settings.beta2, power)),
                               static_cast<T>(settings.gradient_scale)};
  cpu::parallel_columns(count, 1, [&](std::int64_t begin, std::int64_t end) {
    cpu::kernels<T>().adamw(weight.data() + begin, gradient.data() + begin, first_moment.data() + begin,
                            second_moment.data() + begin, end - begin, step);
  });
  if (!rounded.empty()) std::copy(weight.begin(), weight.end(), rounded.begin());
}

template void adamw<float>(const AdamWSettings&, std::span<float>, std::span<const float>, std::span<float>,
                           std::span<float>, std::span<float>);
template void adamw<double>(const AdamWSettings&, std::span<double>, std::span<const double>,
                            std::span<double>, std::span<double>, std::span<double>);

}  // namespace gpt::ops
