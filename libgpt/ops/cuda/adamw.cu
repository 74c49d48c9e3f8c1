#include <cmath>

#include "libgpt/ops/adamw.hpp"
#include "libgpt/ops/adamw_check.hpp"
#include "libgpt/ops/cuda/elementwise.hpp"

namespace gpt::ops {
namespace {

using namespace gpt::ops::cuda;
using tensor::raw;

struct AdamWNumbers {
  float beta1, beta2, epsilon, gradient_scale;
  float decay;         // 1 - learning rate * weight decay
  float step_size;     // learning rate / (1 - beta1^step)
  float inverse_root;  // 1 / sqrt(1 - beta2^step)
};

// Moves 28 bytes an element (weight and moments are read and written, the gradient read), and 2 more where
// the rounded weight is written. Arithmetic as on the CPU, element by element.
template <class V>
struct AdamW {
  float* weight;
  const float* gradient;
  float *first_moment, *second_moment;
  V* rounded;  // or null
  AdamWNumbers with;

  template <int Width>
  struct Loaded {
    Pack<float, Width> weight, gradient, first, second;
  };
  template <int Width>
  __device__ Loaded<Width> load(i64 at) const {
    return {cuda::load<float, Width>(weight + at), cuda::load<float, Width>(gradient + at),
            cuda::load<float, Width>(first_moment + at), cuda::load<float, Width>(second_moment + at)};
  }
  template <int Width>
  __device__ void finish(i64 at, const Loaded<Width>& loaded) const {
    const Floats<Width> g = floats<float, Width>(loaded.gradient);
    Floats<Width> w = floats<float, Width>(loaded.weight);
    Floats<Width> m = floats<float, Width>(loaded.first);
    Floats<Width> v = floats<float, Width>(loaded.second);
#pragma unroll
    for (int i = 0; i < Width; ++i) {
      const float scaled = g.at[i] * with.gradient_scale;
      m.at[i] = with.beta1 * m.at[i] + (1.0F - with.beta1) * scaled;
      v.at[i] = with.beta2 * v.at[i] + (1.0F - with.beta2) * scaled * scaled;
      w.at[i] = w.at[i] * with.decay -
                with.step_size * m.at[i] / (sqrtf(v.at[i]) * with.inverse_root + with.epsilon);
    }
    store_floats<float, Width>(first_moment + at, m);
    store_floats<float, Width>(second_moment + at, v);
    store_floats<float, Width>(weight + at, w);
    if (rounded != nullptr) store_floats<V, Width>(rounded + at, w);
  }
};

AdamWNumbers numbers_of(const AdamWSettings& settings) {
  const auto power = static_cast<double>(settings.step);
  const double correction1 = 1 - std::pow(settings.beta1, power);
  const double correction2 = 1 - std::pow(settings.beta2, power);
  return {static_cast<float>(settings.beta1),
          static_cast<float>(settings.beta2),
          static_cast<float>(settings.epsilon),
          static_cast<float>(settings.gradient_scale),
          static_cast<float>(1 - settings.learning_rate * settings.weight_decay),
          static_cast<float>(settings.learning_rate / correction1),
          static_cast<float>(1 / std::sqrt(correction2))};
}

}  // namespace

template <class T>
void adamw(const AdamWSettings& settings, std::span<tensor::SumOf<T>> weight,
           std::span<const tensor::SumOf<T>> gradient, std::span<tensor::SumOf<T>> first_moment,
           std::span<tensor::SumOf<T>> second_moment, std::span<T> rounded) {
  check_adamw(weight.size(), gradient.size(), first_moment.size(), second_moment.size(), rounded.size());
  using V = tensor::ValueOf<T>;
  const AdamW<V> op{raw(weight),        raw(gradient), raw(first_moment),
                    raw(second_moment), raw(rounded),  numbers_of(settings)};
  const bool packs = aligned_for_packs(op.weight, op.gradient, op.first_moment, op.second_moment, op.rounded);
  with_width<4>(packs, [&](auto width) { launch_elementwise<width(), 1>(op, std::ssize(weight)); });
}

#define GPT_INSTANTIATE(T)                                                               \
  template void adamw<T>(const AdamWSettings&, std::span<tensor::SumOf<T>>,              \
                         std::span<const tensor::SumOf<T>>, std::span<tensor::SumOf<T>>, \
                         std::span<tensor::SumOf<T>>, std::span<T>);
GPT_INSTANTIATE(tensor::DeviceF32)
GPT_INSTANTIATE(tensor::DeviceBf16)
GPT_INSTANTIATE(tensor::DeviceF16)
#undef GPT_INSTANTIATE

}  // namespace gpt::ops
