#include "libgpt/data/blend.hpp"

#include <algorithm>
#include <cmath>

namespace gpt::data {

BlendIndex build_blend_index(std::span<const double> weights, std::int64_t samples) {
  BlendIndex index;
  index.dataset.resize(static_cast<std::size_t>(samples));
  index.sample.resize(static_cast<std::size_t>(samples));
  index.counts.assign(weights.size(), 0);
  for (std::size_t t = 0; t < static_cast<std::size_t>(samples); ++t) {
    const double due = std::max(static_cast<double>(t), 1.0);
    std::size_t most = 0;
    double largest_lag = weights[0] * due - static_cast<double>(index.counts[0]);
    for (std::size_t i = 1; i < weights.size(); ++i) {
      const double lag = weights[i] * due - static_cast<double>(index.counts[i]);
      if (lag > largest_lag) {
        largest_lag = lag;
        most = i;
      }
    }
    index.dataset[t] = static_cast<std::int16_t>(most);
    index.sample[t] = index.counts[most]++;
  }
  return index;
}

std::int64_t blend_share(std::int64_t samples, double weight) {
  return static_cast<std::int64_t>(std::ceil(static_cast<double>(samples) * weight));
}

std::int64_t samples_to_ask_for(std::int64_t share) {
  return static_cast<std::int64_t>(std::ceil(static_cast<double>(share) * (1 + 0.005)));
}

}  // namespace gpt::data
