#pragma once

#include <cstdint>
#include <span>

#include "libgpt/tensor/element.hpp"

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

// T is the element of the model's weights. All is kept in SumOf<T>, the weights too; rounded, where it is not
// empty, receives the new weights rounded to T, for the model to compute with.
template <class T>
void adamw(const AdamWSettings& settings, std::span<tensor::SumOf<T>> weight,
           std::span<const tensor::SumOf<T>> gradient, std::span<tensor::SumOf<T>> first_moment,
           std::span<tensor::SumOf<T>> second_moment, std::span<T> rounded = {});

}  // namespace gpt::ops
