#include "libgpt/optim/adamw.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "libgpt/ops/adamw.hpp"
#include "libgpt/tensor/instantiate.hpp"

namespace gpt::optim {

template <class T>
AdamW<T>::AdamW(const model::ParameterLayout& layout, const AdamWConfig& config)
    : AdamW(layout, config, {{0, layout.buffer_size()}}) {}

template <class T>
AdamW<T>::AdamW(const model::ParameterLayout& layout, const AdamWConfig& config, const ElementRanges& updated)
    : config_(config),
      updated_(updated),
      main_weights_(tensor::buffer_for<Sum>("main weights", kHasMainWeights ? count_of(updated) : 0)),
      first_moments_(tensor::buffer_for<Sum>("moments", count_of(updated))),
      second_moments_(tensor::buffer_for<Sum>("moments", count_of(updated))) {
  add_stretches(layout);
}

template <class T>
void AdamW<T>::add_stretches(const model::ParameterLayout& layout) {
  std::size_t before = 0;  // elements in the ranges before this one
  auto parameter = layout.parameters().begin();
  const auto end = layout.parameters().end();
  for (const ElementRange& range : updated_) {
    while (parameter != end && parameter->offset + parameter->count <= range.begin) ++parameter;
    for (auto p = parameter; p != end && p->offset < range.end; ++p) {
      const std::size_t first = std::max(p->offset, range.begin);
      const std::size_t last = std::min(p->offset + p->count, range.end);
      // The gap before a neighbour holds zeros, and stays so.
      if (!stretches_.empty() && stretches_.back().flat >= range.begin &&
          stretches_.back().decayed == p->decayed()) {
        stretches_.back().count = last - stretches_.back().flat;
      } else {
        stretches_.push_back({first, before + (first - range.begin), last - first, p->decayed()});
      }
    }
    before += range.count();
  }
}

template <class T>
std::size_t AdamW<T>::place_of(ElementRange range) const {
  std::size_t before = 0;
  for (const ElementRange& updated : updated_) {
    if (range.begin >= updated.begin && range.end <= updated.end) return before + range.begin - updated.begin;
    before += updated.count();
  }
  throw std::out_of_range("this rank keeps no moments of elements " + std::to_string(range.begin) + " to " +
                          std::to_string(range.end));
}

template <class T>
std::span<tensor::SumOf<T>> AdamW<T>::first_moments(ElementRange range) {
  return first_moments().subspan(place_of(range), range.count());
}

template <class T>
std::span<tensor::SumOf<T>> AdamW<T>::second_moments(ElementRange range) {
  return second_moments().subspan(place_of(range), range.count());
}

template <class T>
std::span<tensor::SumOf<T>> AdamW<T>::main_weights(ElementRange range) {
  return main_weights_.span().subspan(place_of(range), range.count());
}

template <class T>
void AdamW<T>::step(double learning_rate, double gradient_scale, std::span<const Sum> gradients,
                    std::span<T> weights) {
  ++steps_;
  ops::AdamWSettings settings;
  settings.learning_rate = learning_rate;
  settings.beta1 = config_.beta1;
  settings.beta2 = config_.beta2;
  settings.epsilon = config_.epsilon;
  settings.gradient_scale = gradient_scale;
  settings.step = steps_;
  for (const Stretch& stretch : stretches_) {
    settings.weight_decay = stretch.decayed ? config_.weight_decay : 0;
    const std::span<T> computed_with = weights.subspan(stretch.flat, stretch.count);
    const auto gradient = gradients.subspan(stretch.flat, stretch.count);
    const auto first = first_moments().subspan(stretch.state, stretch.count);
    const auto second = second_moments().subspan(stretch.state, stretch.count);
    if constexpr (kHasMainWeights) {
      const auto main = main_weights_.span().subspan(stretch.state, stretch.count);
      ops::adamw<T>(settings, main, gradient, first, second, computed_with);
    } else {
      ops::adamw<T>(settings, computed_with, gradient, first, second);
    }
  }
}

#define GPT_INSTANTIATE(T) template class AdamW<T>;
GPT_FOR_EACH_ELEMENT(GPT_INSTANTIATE)
#undef GPT_INSTANTIATE

}  // namespace gpt::optim
