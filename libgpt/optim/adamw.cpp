#include "libgpt/optim/adamw.hpp"

#include "libgpt/ops/adamw.hpp"

namespace gpt::optim {

template <class T>
AdamW<T>::AdamW(const model::ParameterLayout& layout, const AdamWConfig& config)
    : layout_(layout),
      config_(config),
      first_moments_(layout.buffer_size()),
      second_moments_(layout.buffer_size()) {}

template <class T>
void AdamW<T>::step(double learning_rate, double gradient_scale, std::span<const T> gradients,
                    std::span<T> weights) {
  ++steps_;
  ops::AdamWSettings settings;
  settings.learning_rate = learning_rate;
  settings.beta1 = config_.beta1;
  settings.beta2 = config_.beta2;
  settings.epsilon = config_.epsilon;
  settings.gradient_scale = gradient_scale;
  settings.step = steps_;
  for (const model::Parameter& parameter : layout_.parameters()) {
    settings.weight_decay = parameter.decayed() ? config_.weight_decay : 0;
    ops::adamw<T>(settings, tensor_of(weights, parameter), tensor_of(gradients, parameter),
                  tensor_of(first_moments(), parameter), tensor_of(second_moments(), parameter));
  }
}

template class AdamW<float>;
template class AdamW<double>;

}  // namespace gpt::optim
