#pragma once

#include <cstdint>
#include <span>

namespace gpt::ops {

// One AdamW step (Loshchilov and Hutter, arXiv 1711.05101) over a stretch of flat buffers:
//   g = gradient * gradient_scale;  m, v = moving averages of g, g^2
//   weight -= learning_rate * (m' / (sqrt(v') + epsilon) + weight_decay * weight), ' = bias-corrected
struct AdamWSettings {
  double learning_rate = 0;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0;
  double gradient_scale = 1;
  std::int64_t step = 1;  // of this update, from 1
};

template <class T>
void adamw(const AdamWSettings& settings, std::span<T> weight, std::span<const T> gradient,
           std::span<T> first_moment, std::span<T> second_moment);

}  // namespace gpt::ops
