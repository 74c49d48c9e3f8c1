#pragma once

#include <cstdint>
#include <span>

#include "libgpt/model/parameter_layout.hpp"
#include "libgpt/tensor/aligned_buffer.hpp"

namespace gpt::optim {

struct AdamWConfig {
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0.01;  // not of biases and LayerNorm: model::Parameter::decayed
};

// AdamW over flat buffers that share a ParameterLayout.
template <class T>
class AdamW {
 public:
  // layout must stay alive.
  AdamW(const model::ParameterLayout& layout, const AdamWConfig& config);

  // One update. gradient_scale: what gradients are multiplied by first (clipping).
  void step(double learning_rate, double gradient_scale, std::span<const T> gradients, std::span<T> weights);

  // The state, for checkpoints: moments laid out as the weights, and how many updates were made.
  std::span<T> first_moments() { return first_moments_.span(); }
  std::span<T> second_moments() { return second_moments_.span(); }
  std::int64_t steps() const { return steps_; }
  void set_steps(std::int64_t steps) { steps_ = steps; }

 private:
  const model::ParameterLayout& layout_;
  AdamWConfig config_;
  tensor::AlignedBuffer<T> first_moments_;
  tensor::AlignedBuffer<T> second_moments_;
  std::int64_t steps_ = 0;
};

}  // namespace gpt::optim
