#include "libgpt/optim/adamw.hpp"

#include <algorithm>

#include "libgpt/ops/adamw.hpp"

namespace gpt::optim {

template <class T>
AdamW<T>::AdamW(const model::ParameterLayout& layout, const AdamWConfig& config)
    : AdamW(layout, config, {{0, layout.buffer_size()}}) {}

template <class T>
AdamW<T>::AdamW(const model::ParameterLayout& layout, const AdamWConfig& config, const ElementRanges& updated)
    : config_(config), first_moments_(count_of(updated)), second_moments_(count_of(updated)) {
  add_pieces(layout, updated);
}

template <class T>
void AdamW<T>::add_pieces(const model::ParameterLayout& layout, const ElementRanges& updated) {
  std::size_t before = 0;  // elements in the ranges before this one
  auto parameter = layout.parameters().begin();
  const auto end = layout.parameters().end();
  for (const ElementRange& range : updated) {
    while (parameter != end && parameter->offset + parameter->count <= range.begin) ++parameter;
    for (auto p = parameter; p != end && p->offset < range.end; ++p) {
      const std::size_t first = std::max(p->offset, range.begin);
      const std::size_t last = std::min(p->offset + p->count, range.end);
      if (first >= last) continue;
      const std::size_t moments = before + (first - range.begin);
      pieces_.push_back({&*p, first - p->offset, moments, last - first});
      // The gap before a neighbour holds zeros, and stays so.
      if (!stretches_.empty() && stretches_.back().flat >= range.begin &&
          stretches_.back().decayed == p->decayed()) {
        stretches_.back().count = last - stretches_.back().flat;
      } else {
        stretches_.push_back({first, moments, last - first, p->decayed()});
      }
    }
    before += range.count();
  }
}

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
  for (const Stretch& stretch : stretches_) {
    settings.weight_decay = stretch.decayed ? config_.weight_decay : 0;
    ops::adamw<T>(settings, weights.subspan(stretch.flat, stretch.count),
                  gradients.subspan(stretch.flat, stretch.count),
                  first_moments().subspan(stretch.moments, stretch.count),
                  second_moments().subspan(stretch.moments, stretch.count));
  }
}

template class AdamW<float>;
template class AdamW<double>;

}  // namespace gpt::optim
